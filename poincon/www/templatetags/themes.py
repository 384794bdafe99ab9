"""The look of a programme on the pages that wear it."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from poincon.programmes.models import Programme
from poincon.www.base.themes import theme_addresses

register = template.Library()


@register.simple_tag
def theme_sheet(programme: Programme) -> SafeString:
    """The link to the colours of a programme, for the head of a page."""
    return format_html('<link rel="stylesheet" href="{}">', theme_addresses(programme)["css"])


@register.simple_tag
def scheme_logo(programme: Programme) -> SafeString:
    """The drawing of a programme, nothing when it has none. On a light plate: logos are drawn for paper."""
    address = theme_addresses(programme)["logo"]
    if not address:
        return SafeString("")
    return format_html('<img class="scheme-logo" src="{}" alt="{}">', address, programme.owner.name)
