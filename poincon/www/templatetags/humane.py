"""Days, amounts, numbers and ages as people say them. Papers and screens share poincon.kernel.documents.french."""

import re
from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from poincon.kernel.documents import french
from poincon.kernel.money import NO_BREAK_SPACE, euros
from poincon.settlement import rules

register = template.Library()
register.filter("euros", euros)
register.filter("count", french.count)
register.filter("hours", rules.hours)

DAYS_SAID_IN_DAYS = 60
DAYS_IN_A_MONTH = 30.44


@register.filter
def percent(basis_points: int) -> str:
    """``33,34 %`` for 3 334 basis points."""
    written = f"{basis_points / 100:.2f}".rstrip("0").rstrip(".").replace(".", ",")
    return f"{written}{NO_BREAK_SPACE}%"


@register.filter
def phone_link(number: str) -> str:
    """``05 55 00 00 00`` as the address of a telephone link: digits and a leading plus sign only."""
    return "tel:" + re.sub(r"(?!^\+)\D", "", number.strip())


@register.filter
def day(value: date) -> str:
    """``mardi 4 mars 2025``. A moment is read on the clock of the site."""
    local = local_day(value)
    return french.day(local) if _in_french() else date_format(local, "l j F Y")


@register.simple_tag
def today() -> str:
    """The day this page is read, in full."""
    return day(timezone.now())


@register.filter
def short_day(value: date) -> str:
    """``4 mars 2025``."""
    local = local_day(value)
    return french.short_day(local) if _in_french() else date_format(local, "j F Y")


@register.filter
def month(value: date) -> str:
    """``mars 2025``."""
    return rules.month_name(value) if _in_french() else date_format(value, "F Y")


def of_month(value: date) -> str:
    """``de mars 2025``, ``d’avril 2025``."""
    return rules.of_month(value) if _in_french() else gettext("de %(month)s") % {"month": month(value)}


@register.filter
def moment(value: datetime) -> str:
    """``mardi 4 mars 2025 à 14 h 05``."""
    return gettext("%(day)s à %(time)s") % {"day": day(value), "time": time_of_day(value)}


@register.filter
def time_of_day(value: datetime) -> str:
    """``14 h 05``, ``9 h``."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    if not _in_french():
        return date_format(local, "H:i")
    minutes = f"{NO_BREAK_SPACE}{local.minute:02d}" if local.minute else ""
    return f"{local.hour}{NO_BREAK_SPACE}h{minutes}"


@register.filter
def period_until(first: date, last: date) -> str:
    """``du 1er février 2025 au 31 mai 2027``."""
    return gettext("du %(first)s au %(last)s") % {"first": short_day(first), "last": short_day(last)}


@register.filter
def ago(value: date) -> str:
    """How far a day is from today: ``aujourd’hui``, ``hier``, ``il y a 3 jours``, ``dans 2 mois``."""
    return age(local_day(value), today=timezone.localdate())


def age(value: date, *, today: date) -> str:
    """``ago``, the day it is read on being given."""
    days = (today - value).days
    said = {0: gettext("aujourd’hui"), 1: gettext("hier"), -1: gettext("demain")}.get(days)
    if said:
        return said
    sentence = gettext("il y a %(length)s") if days > 0 else gettext("dans %(length)s")
    return sentence % {"length": _length(abs(days))}


def _length(days: int) -> str:
    if days < DAYS_SAID_IN_DAYS:
        return ngettext("%(number)d jour", "%(number)d jours", days) % {"number": days}
    months = round(days / DAYS_IN_A_MONTH)
    if months < 24:
        return ngettext("%(number)d mois", "%(number)d mois", months) % {"number": months}
    years = months // 12
    return ngettext("%(number)d an", "%(number)d ans", years) % {"number": years}


def local_day(value: date) -> date:
    """The day of a moment on the clock of the site; a day is left as it is."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def _in_french() -> bool:
    return (get_language() or "fr").startswith("fr")
