"""The operations of a site, as Django knows them."""

from django.apps import AppConfig


class Operations(AppConfig):
    """The room of limits and probes."""

    name = "earlyphase.web.operations"
    label = "operations"
