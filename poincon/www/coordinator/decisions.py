"""« Ce qui demande une décision » : what waits in a network, by subject, each with the one gesture that answers it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from poincon.kernel.documents.french import count
from poincon.kernel.refusals import Text
from poincon.network.models import PrescriberAgreement, Qualification
from poincon.network.queries import (
    ending_agreements,
    ending_qualifications,
    invitations_in,
    undecided,
    unrepresented,
)
from poincon.organisations.models import Invitation, Organisation
from poincon.passes.models import Transfer
from poincon.passes.queries.asked import Asked, requests_waiting, without_booklets
from poincon.passes.queries.batch import day_of
from poincon.passes.queries.holders import reminded_at, sleepers_of
from poincon.passes.queries.parcels import ON_ITS_WAY, late, transfers_of, waiting_discrepancies
from poincon.passes.services.remind import QUIET
from poincon.programmes.models import Programme
from poincon.www.base.parts import Tone
from poincon.www.templatetags.humane import age, short_day

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    from poincon.passes.queries.holders import Asleep
    from poincon.passes.queries.parcels import FoundSince

Row = TypeVar("Row")
#: No gesture answers all the decisions of a subject at once.
NOBODY = ("", "", False)

#: Beyond, a home is a list: the whole of it is one click away.
MOST_SHOWN = 5
ENDS_SOON = timedelta(days=60)
#: A mail that was not answered for a week was not read.
UNANSWERED = timedelta(days=7)


@dataclass(frozen=True)
class Decision:
    """One thing that waits. ``action`` is the verb; ``posts``: it is done at once, with a button."""

    subject: Text
    sentence: Text
    action: Text
    url: str
    posts: bool = False
    tone: Tone = Tone.CAREFUL
    #: The page that says more, behind the subject.
    about: str = ""


@dataclass(frozen=True)
class Subject:
    """Decisions of one kind, the first ones shown; ``rest_url`` lists them all."""

    key: str
    title: Text
    icon: str
    total: int
    shown: Sequence[Decision]
    rest_url: str = ""
    #: One gesture for all of them.
    all_action: Text = ""
    all_url: str = ""
    #: Whether that gesture is done at once, with a button.
    all_posts: bool = False

    @property
    def left(self) -> int:
        return self.total - len(self.shown)


@dataclass(frozen=True)
class Watch:
    """A programme looked at on behalf of one organisation, now."""

    programme: Programme
    own_id: int
    now: datetime = field(default_factory=timezone.now)

    @cached_property
    def requests(self) -> list[Asked]:
        """Asked by two subjects: read once."""
        return requests_waiting(self.programme.pk, self.now)

    @property
    def today(self) -> date:
        return day_of(self.programme, self.now)

    def ago(self, moment: datetime) -> str:
        return age(day_of(self.programme, moment), today=self.today)


def decisions(watch: Watch) -> list[Subject]:
    """Everything that waits, the most pressing first. A bounded number of statements, whatever the network's size."""
    return [subject for look in LOOKS for subject in look(watch) if subject.total]


def _parcels_to_receive(watch: Watch) -> Iterator[Subject]:
    rows = transfers_of(watch.programme.pk).filter(ON_ITS_WAY, receiver=watch.own_id).order_by("sent_at", "pk")

    def waits(one: Transfer) -> Decision:
        words = ngettext("%(n)s chéquier, parti %(when)s", "%(n)s chéquiers, partis %(when)s", one.booklets_sent)
        said = words % {"n": count(one.booklets_sent), "when": watch.ago(one.sent_at)}
        return Decision(one.sender.name, said, _("Recevoir"), _page("parcel", one.pk), tone=Tone.INFO)

    yield _subject(
        "a-recevoir", _("Colis à recevoir chez vous"), "parcel", rows, decide=waits, rest_url=_list("chemin")
    )


def _discrepancies(watch: Watch) -> Iterator[Subject]:
    def differs(one: "WithAnnotations[Transfer, FoundSince]") -> Decision:
        told = _("reçu %(when)s : %(told)s") % {
            "when": watch.ago(one.received_at or one.sent_at),
            "told": one.discrepancy,
        }
        since = ngettext(" ; %(n)s retrouvé depuis", " ; %(n)s retrouvés depuis", one.found)
        told += since % {"n": count(one.found)} if one.found else ""
        url = _page("parcel", one.pk)
        return Decision(one.receiver.name, told, _("Examiner"), url, tone=Tone.BAD, about=url)

    rows, title = list(waiting_discrepancies(watch.programme.pk)[:MOST_SHOWN]), _("Écarts à la réception")
    subject = _subject("ecarts", title, "scales", rows, decide=differs, rest_url=_list("ecart"))
    yield replace(subject, total=rows[0].in_all if rows else 0)


def _late_parcels(watch: Watch) -> Iterator[Subject]:
    rows = transfers_of(watch.programme.pk).filter(late(watch.now)).exclude(receiver=watch.own_id)

    def waits(one: Transfer) -> Decision:
        words = ngettext("%(n)s chéquier, parti %(when)s", "%(n)s chéquiers, partis %(when)s", one.booklets_sent)
        said = words % {"n": count(one.booklets_sent), "when": watch.ago(one.sent_at)}
        return Decision(
            one.receiver.name,
            said,
            _("Relancer"),
            _page("remind_parcel", one.pk),
            posts=True,
            about=_page("parcel", one.pk),
        )

    title = _("Colis non reçus depuis plus de deux semaines")
    yield _subject("en-retard", title, "clock", rows.order_by("sent_at", "pk"), decide=waits, rest_url=_list("retard"))


def _requests(watch: Watch) -> Iterator[Subject]:
    def asks(one: Asked) -> Decision:
        words = ngettext("%(n)s chéquier demandé %(when)s", "%(n)s chéquiers demandés %(when)s", one.booklets)
        said = words % {"n": count(one.booklets), "when": watch.ago(one.at)}
        said += _(" : « %(note)s »") % {"note": one.note} if one.note else ""
        url = f"{_page('send_to', one.prescriber.pk)}?nombre={one.booklets}"
        return Decision(one.prescriber.name, said, _("Envoyer"), url, about=_page("organisation", one.prescriber.pk))

    yield _subject("demandes", _("Prescripteurs qui demandent des chéquiers"), "mail", watch.requests, decide=asks)


def _ran_out(watch: Watch) -> Iterator[Subject]:
    asked = {one.prescriber.pk for one in watch.requests}
    rows = [one for one in without_booklets(watch.programme, watch.today) if one.pk not in asked]

    def has_none(one: Organisation) -> Decision:
        said = _("a tout remis, et rien n’est en route")
        return Decision(one.name, said, _("Envoyer"), _page("send_to", one.pk), about=_page("organisation", one.pk))

    yield _subject("a-court", _("Prescripteurs à court de chéquiers"), "stock", rows, decide=has_none)


def _sleeping(watch: Watch) -> Iterator[Subject]:
    rows = list(sleepers_of(watch.programme.pk, watch.now).exclude(pk=watch.own_id))
    told = reminded_at(watch.programme.pk, [one.pk for one in rows])

    def sleeps(one: "WithAnnotations[Organisation, Asleep]") -> Decision:
        words = ngettext("%(n)s chéquier, rien %(since)s", "%(n)s chéquiers, rien %(since)s", one.ready)
        since = _("depuis le %(day)s") % {"day": short_day(day_of(watch.programme, one.moved_at))}
        said = words % {"n": count(one.ready), "since": since}
        before = told.get(one.pk)
        about = _page("organisation", one.pk)
        if before is not None and before > watch.now - QUIET:
            said += _(", relancé %(when)s") % {"when": watch.ago(before)}
            return Decision(one.name, said, "", "", tone=Tone.QUIET, about=about)
        return Decision(one.name, said, _("Relancer"), _page("remind", one.pk), posts=True, about=about)

    title, rest = _("Chéquiers qui dorment"), f"{reverse('coordinator:stock')}?dort=on"
    waiting = sum(1 for one in rows if one.pk not in told or told[one.pk] <= watch.now - QUIET)
    everybody = (_("Les relancer tous"), reverse("coordinator:remind_all"), True) if waiting > 1 else NOBODY
    yield _subject("dorment", title, "stock", rows, decide=sleeps, rest_url=rest, everybody=everybody)


def _undecided(watch: Watch) -> Iterator[Subject]:
    def waits(one: Organisation) -> Decision:
        does = _("prescrit") if one.is_prescriber else _("opère")
        said = _("prescrit et opère") if one.is_prescriber and one.is_operator else does
        url = _page("organisation", one.pk)
        return Decision(one.name, _("%(does)s, ni convention ni qualification") % {"does": said}, _("Décider"), url)

    rows, url = undecided(watch.programme), reverse("coordinator:welcome")
    everybody = (_("Décider pour plusieurs"), url, False)
    yield _subject(
        "a-decider",
        _("Organisations à conventionner ou à qualifier"),
        "building",
        rows,
        decide=waits,
        rest_url=url,
        everybody=everybody,
    )


def _ending(watch: Watch) -> Iterator[Subject]:
    last = watch.today + ENDS_SOON
    agreements = list(ending_agreements(watch.programme, watch.today, last))
    rows: list[Qualification | PrescriberAgreement] = [
        *agreements,
        *ending_qualifications(watch.programme, watch.today, last),
    ]
    rows.sort(key=lambda one: one.valid_until or last)
    title = _("Conventions et qualifications qui finissent")
    yield _subject(
        "finissent",
        title,
        "calendar",
        rows,
        decide=partial(_ends, watch),
        rest_url=reverse("coordinator:organisations"),
    )


def _ends(watch: Watch, one: Qualification | PrescriberAgreement) -> Decision:
    day = short_day(one.valid_until or watch.today)
    if isinstance(one, Qualification):
        who, said, url = one.operator, _("qualification jusqu’au %(day)s"), "qualify"
    else:
        who, said, url = one.prescriber, _("convention jusqu’au %(day)s"), "agree"
    return Decision(
        who.name, said % {"day": day}, _("Prolonger"), _page(url, who.pk), about=_page("organisation", who.pk)
    )


def _nobody_there(watch: Watch) -> Iterator[Subject]:
    def is_alone(one: Organisation) -> Decision:
        said = _("personne n’y a de compte, ni d’invitation")
        url = _page("invite", one.pk)
        return Decision(one.name, said, _("Inviter"), url, about=_page("organisation", one.pk))

    title = _("Organisations sans personne")
    rest = f"{reverse('coordinator:organisations')}?seules=on"
    yield _subject(
        "seules", title, "people", unrepresented(watch.programme, watch.today), decide=is_alone, rest_url=rest
    )


def _invitations(watch: Watch) -> Iterator[Subject]:
    def waits(one: Invitation) -> Decision:
        where = one.organisation.name if one.organisation else ""
        said = _("%(role)s, %(where)s, invité %(when)s") % {
            "role": one.get_role_display(),
            "where": where,
            "when": watch.ago(one.sent_at),
        }
        return Decision(
            one.full_name or one.email, said, _("Renvoyer"), _page("send_again", one.pk), posts=True, tone=Tone.QUIET
        )

    rows = invitations_in(watch.programme).filter(sent_at__lt=watch.now - UNANSWERED)
    url = reverse("coordinator:invitations")
    yield _subject(
        "invitations", _("Invitations sans réponse depuis une semaine"), "mail", rows, decide=waits, rest_url=url
    )


def _subject(
    key: str,
    title: str,
    icon: str,
    rows: "Sequence[Row] | QuerySet[Any, Row]",
    *,
    decide: Callable[[Row], Decision],
    rest_url: str = "",
    everybody: tuple[str, str, bool] = NOBODY,
) -> Subject:
    first = list(rows[:MOST_SHOWN])
    many = len(first) == MOST_SHOWN
    total = (rows.count() if isinstance(rows, QuerySet) else len(rows)) if many else len(first)
    return Subject(key, title, icon, total, [decide(row) for row in first], rest_url, *everybody)


def _page(name: str, pk: int) -> str:
    return reverse(f"coordinator:{name}", args=[pk])


def _list(state: str) -> str:
    return f"{reverse('coordinator:parcels')}?etat={state}"


LOOKS: tuple[Callable[[Watch], Iterator[Subject]], ...] = (
    _discrepancies,
    _parcels_to_receive,
    _requests,
    _ran_out,
    _late_parcels,
    _sleeping,
    _undecided,
    _ending,
    _nobody_there,
    _invitations,
)
