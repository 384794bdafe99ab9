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
from poincon.kernel.refusals import Text
from poincon.passes.refusals import SCAN_REFUSALS
from poincon.passes.verdicts import Verdict
from poincon.www.templatetags.humane import short_day

REFUSALS = {refusal.code: refusal for refusal in SCAN_REFUSALS}
DAY = re.compile(rf"(\d{{1,2}})(?:er)? ({'|'.join(MONTHS)}) (\d{{4}})")
DAYS = re.compile(r"(\d+) (?:jour|day)s?")


def retold(verdict: Verdict) -> Verdict:
    """``verdict`` in the language of the page, its days and numbers unchanged."""
    if verdict.accepted:
        return replace(verdict, message=_("Accepté, reste %(left)s") % {"left": verdict.left})
    refusal = REFUSALS.get(verdict.reason)
    if refusal is None:
        return verdict
    sentences, next_steps = _shapes(refusal.code)
    return replace(
        verdict,
        message=_said_anew(verdict.message, sentences, refusal.sentence),
        next_step=_said_anew(verdict.next_step, next_steps, refusal.next_step),
    )


def _said_anew(kept: str, shapes: Iterable[re.Pattern[str]], sentence: Text) -> str:
    """The same thing said by ``sentence``; what was kept, when the sentences have changed since."""
    for shape in shapes:
        if found := shape.fullmatch(kept):
            return str(sentence) % {name: _value(value) for name, value in found.groupdict().items()}
    return kept


@cache
def _shapes(code: str) -> tuple[list[re.Pattern[str]], list[re.Pattern[str]]]:
    """How the sentence and the next step of a refusal may be written, in each language of the site."""
    sentences, next_steps = [], []
    for language, _name in settings.LANGUAGES:
        with override(language):
            sentences.append(_shape(str(REFUSALS[code].sentence)))
            next_steps.append(_shape(str(REFUSALS[code].next_step)))
    return sentences, next_steps


def _shape(sentence: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+)", re.escape(sentence)))


def _value(value: str) -> str:
    if found := DAY.fullmatch(value):
        number, month, year = found.groups()
        return short_day(date(int(year), MONTHS.index(month) + 1, int(number)))
    if found := DAYS.fullmatch(value):
        return ngettext("%(days)s jour", "%(days)s jours", int(found[1])) % {"days": found[1]}
    return _(value)
