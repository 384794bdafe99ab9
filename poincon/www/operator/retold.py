"""The answer kept with a scan, in the language of whoever reads it. What was kept, as it was said then, stays so."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from poincon.kernel.documents.french import MONTHS
from poincon.kernel.refusals import Refusal, Text
from poincon.passes.refusals import ALREADY_USED, SCAN_REFUSALS
from poincon.passes.rules import USED_BEFORE
from poincon.passes.verdicts import Verdict
from poincon.www.templatetags.humane import short_day

#: What a scan may be refused for, by code: one that is filled in two ways has two sentences.
REFUSALS = {refusal.code: (refusal,) for refusal in SCAN_REFUSALS} | {
    ALREADY_USED.code: (USED_BEFORE, ALREADY_USED),
}
DAY = re.compile(rf"(\d{{1,2}})(?:er)? ({'|'.join(MONTHS)}) (\d{{4}})")
DAYS = re.compile(r"(\d+) (?:jour|day)s?")


def retold(verdict: Verdict) -> Verdict:
    """``verdict`` in the language of the page, its days and numbers unchanged."""
    if verdict.accepted:
        return replace(verdict, message=_("Accepté, reste %(left)s") % {"left": verdict.left})
    told = retold_refusal(Refusal(verdict.reason or "", verdict.message, verdict.next_step))
    return replace(verdict, message=str(told.sentence), next_step=str(told.next_step))


def retold_refusal(refusal: Refusal) -> Refusal:
    """A refusal already filled, in the language of the page, its days and numbers unchanged."""
    known = REFUSALS.get(refusal.code, ())
    return replace(
        refusal,
        sentence=_said_anew(str(refusal.sentence), [one.sentence for one in known]),
        next_step=_said_anew(str(refusal.next_step), [one.next_step for one in known]),
    )


def _said_anew(kept: str, sentences: Iterable[Text]) -> str:
    """The same thing said by the sentence it was made of; what was kept, when none of them made it."""
    for sentence in sentences:
        for shape in _shapes(sentence):
            if found := shape.fullmatch(kept):
                return str(sentence) % {name: _value(value) for name, value in found.groupdict().items()}
    return kept


@cache
def _shapes(sentence: Text) -> list[re.Pattern[str]]:
    """How a sentence may be written, in each language of the site."""
    shapes = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            shapes.append(_shape(str(sentence)))
    return shapes


def _shape(sentence: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+)", re.escape(sentence)))


def _value(value: str) -> str:
    if found := DAY.fullmatch(value):
        number, month, year = found.groups()
        return short_day(date(int(year), MONTHS.index(month) + 1, int(number)))
    if found := DAYS.fullmatch(value):
        return ngettext("%(days)s jour", "%(days)s jours", int(found[1])) % {"days": found[1]}
    return _(value)
