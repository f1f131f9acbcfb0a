"""The people of a site, as Django knows them."""

from django.apps import AppConfig


class People(AppConfig):
    """The room of people and roles."""

    name = "earlyphase.web.people"
    label = "people"
