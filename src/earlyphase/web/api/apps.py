"""The interface for programs, as Django knows it."""

from django.apps import AppConfig


class Interface(AppConfig):
    """The room of tokens and of what was answered before."""

    name = "earlyphase.web.api"
    label = "api"
