"""The people of a site, as Django knows them."""

from django.apps import AppConfig


class People(AppConfig):
    """The room of people."""

    name = "earlyphase.web.people"
    label = "people"

    def ready(self) -> None:
        """Write what the log-in tells into the account log."""
        from earlyphase.web.people.account_log import listen  # noqa: PLC0415 - Django's models need Django started

        listen()
