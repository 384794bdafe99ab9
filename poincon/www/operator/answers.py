"""The answer to a punch or to a test, as it is drawn: what happened, why, what to do, the booklet as it looks now."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from poincon.kernel.refusals import Refusal, Text
from poincon.passes import codes, positions
from poincon.passes.models import Booklet, Scan
from poincon.passes.queries.booklet import Examined
from poincon.passes.queries.punches import may_undo, person_of
from poincon.passes.verdicts import Verdict, read_verdict
from poincon.programmes.models import Programme
from poincon.www.base.parts import Tone
from poincon.www.operator.retold import retold, retold_refusal

#: Said while the person is still there.
LAST_PASS = gettext_lazy("C’était le dernier. La personne peut demander un autre chéquier à son prescripteur.")


@dataclass(frozen=True)
class Pass:
    """One pass of the picture: ``now`` (punched by this very answer), ``used``, ``ready`` or ``kept`` (not given)."""

    position: int
    state: str


@dataclass(frozen=True)
class Answer:
    """What is said in big after a gesture. ``undo``: the scan that may still be undone from here."""

    tone: Tone
    title: Text
    sentence: Text = ""
    next_step: Text = ""
    number: str = ""
    passes: list[Pass] = field(default_factory=list)
    valid_until: date | None = None
    programme: Programme | None = None
    person: str = ""
    undo: UUID | None = None
    #: What the number typed is wrong for, when it is the number: said at its field too.
    reason: str = ""


def answer_of_scan(scan: Scan, *, now: datetime) -> Answer:
    """The answer that was given to a scan of ``punches_of``, and how its booklet looks now."""
    verdict = retold(read_verdict(scan.verdict))
    if not verdict.accepted:
        return _refused(verdict, scan.booklet)
    annulled = hasattr(scan, "annulment")
    return Answer(
        tone=Tone.INFO if annulled else Tone.GOOD,
        title=_("Poinçon annulé") if annulled else verdict.message,
        sentence=_("Ces pass sont de nouveau utilisables.") if annulled else _punched(verdict),
        next_step=LAST_PASS if verdict.left == 0 and not annulled else "",
        number=verdict.number,
        passes=picture(scan.booklet, just_used=() if annulled else verdict.positions),
        valid_until=verdict.valid_until,
        programme=_programme(scan.booklet),
        person=person_of(scan),
        undo=scan.uuid if may_undo(scan, now) else None,
    )


def answer_of_verdict(verdict: Verdict) -> Answer:
    """The answer to a scan that is not ours to read: its identifier is another operator's."""
    return _refused(retold(verdict), None)


def _refused(verdict: Verdict, booklet: Booklet | None) -> Answer:
    return Answer(
        tone=Tone.BAD,
        title=_("Refusé : rien n’est poinçonné"),
        sentence=verdict.message,
        next_step=verdict.next_step,
        number=verdict.number,
        passes=picture(booklet),
        valid_until=verdict.valid_until,
        programme=_programme(booklet),
        reason=verdict.reason,
    )


def answer_of_test(examined: Examined | Refusal) -> Answer:
    """What a test says: nothing is used."""
    if isinstance(examined, Refusal):
        examined = retold_refusal(examined)
        return Answer(
            tone=Tone.BAD,
            title=_("Test : ce chéquier serait refusé"),
            sentence=examined.sentence,
            next_step=examined.next_step,
            reason=examined.code,
        )
    booklet, refusal = examined.booklet, examined.refusal and retold_refusal(examined.refusal)
    left = ngettext("Il reste %(left)s pass.", "Il reste %(left)s pass.", booklet.left) % {"left": booklet.left}
    return Answer(
        tone=Tone.INFO if refusal is None else Tone.BAD,
        title=_("Test : ce chéquier serait refusé") if refusal else _("Test : ce chéquier est valable"),
        sentence=refusal.sentence if refusal else _("%(left)s Rien n’est poinçonné.") % {"left": left},
        next_step=refusal.next_step if refusal else "",
        number=codes.written(booklet.number, examined.position),
        passes=picture(booklet),
        valid_until=examined.valid_until,
        programme=booklet.batch.programme,
    )


def picture(booklet: Booklet | None, *, just_used: tuple[int, ...] = ()) -> list[Pass]:
    """The passes of a booklet, each as it looks now; nothing without a booklet."""
    if booklet is None:
        return []
    return [Pass(position, _state(booklet, position, just_used)) for position in range(1, booklet.size + 1)]


def _state(booklet: Booklet, position: int, just_used: tuple[int, ...]) -> str:
    if position in just_used:
        return "now"
    one = positions.mask_of([position])
    if booklet.used & one:
        return "used"
    return "ready" if booklet.handed & one else "kept"


def _punched(verdict: Verdict) -> str:
    listed = ", ".join(map(str, verdict.positions))
    number = len(verdict.positions)
    sentence = ngettext("Le pass %(listed)s est poinçonné.", "Les pass %(listed)s sont poinçonnés.", number)
    return sentence % {"listed": listed}


def _programme(booklet: Booklet | None) -> Programme | None:
    return booklet.batch.programme if booklet is not None else None
