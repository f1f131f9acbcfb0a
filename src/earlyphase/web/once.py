"""Gives every form that a study's page sends a token of its own, so that a second click carries nothing out again."""

import secrets
from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

register = template.Library()

BYTES = 18


class OnceNode(CsrfTokenNode):
    """What `{% csrf_token %}` gives, and on the pages of a study the form's own token beside it."""

    def render(self, context: Context) -> Any:  # noqa: ANN401 - as Django
        """Write both as hidden fields."""
        guard = super().render(context)
        if "member" not in context:
            return guard
        token = secrets.token_urlsafe(BYTES)
        return format_html('{}<input type="hidden" name="once" value="{}">', guard, token)


@register.tag
def csrf_token(parser: Parser, token: Token) -> OnceNode:  # noqa: ARG001 - Django's own shape
    """Take the place of Django's tag: no form can be written without its token."""
    return OnceNode()
