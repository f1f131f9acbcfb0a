"""The identities of participants, as Django knows them."""

from django.apps import AppConfig


class Identities(AppConfig):
    """The room of identities."""

    name = "earlyphase.web.identity"
    label = "identity"
