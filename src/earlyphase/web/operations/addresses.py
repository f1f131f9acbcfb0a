"""The address from which a request comes."""

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """Give the address of who asks: what the proxy in front saw, where there is one, else the other end of the line."""
    if settings.SECURE_PROXY_SSL_HEADER is not None:
        seen = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if seen:
            return seen[:100]
    return str(request.META.get("REMOTE_ADDR", ""))
