"""The parts every page is made of. /style/ shows them all with their parameters."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from poincon.kernel.refusals import Text
from poincon.www.base.icons import ICONS

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of poincon.www.base.icons, hidden from screen readers: the word beside it speaks."""
    drawn = '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>'
    return format_html(drawn, ICONS[name])


@register.simple_tag
def crumb(label: Text, url_name: str, *arguments: Any) -> SafeString:
    """A page above this one, in the block ``breadcrumbs`` of the working layout."""
    return format_html('<li><a href="{}">{}</a></li>', reverse(url_name, args=arguments), label)
