"""The whole address of a page of the site, as a mail carries it."""

from django.conf import settings
from django.urls import reverse


def address_of(url_name: str, **arguments: object) -> str:
    """``https://…`` of the page with this name. A mail is read away from the site: it needs the host too."""
    return f"{settings.PUBLIC_URL}{reverse(url_name, kwargs=arguments or None)}"
