"""Addresses of pages that this instance may not have."""

from typing import Any

from django.urls import NoReverseMatch, reverse


def page(name: str, *arguments: Any, query: str = "") -> str:
    """The address of a page, empty where there is none: its figure is then only read."""
    try:
        return reverse(name, args=arguments) + query
    except NoReverseMatch:
        return ""
