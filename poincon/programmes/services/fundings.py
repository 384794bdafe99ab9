"""Who pays which share of a programme, from a day on."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel import audit
from poincon.kernel.refusals import Refusal
from poincon.kernel.texts import text_within
from poincon.organisations.actors import Actor
from poincon.organisations.models import Organisation
from poincon.organisations.queries import find_organisation
from poincon.programmes import permissions
from poincon.programmes.checks import funding_problems, refuse, sharing_problems
from poincon.programmes.models import Funding, Programme
from poincon.programmes.queries import fundings_on
from poincon.programmes.services.create import funder_problems
from poincon.programmes.spec import FundingSpec

NO_FUNDING = Refusal(
    "programmes.no_funding",
    _("Financements : la liste est vide."),
    _("Donnez au moins la part du commanditaire."),
)
FROM_A_MONTH = Refusal(
    "programmes.funding_from_a_month",
    _("À partir du : une nouvelle répartition commence le premier jour d’un mois."),
    _("Choisissez par exemple le %(next)s."),
)
FROM_TOO_EARLY = Refusal(
    "programmes.funding_from_too_early",
    _("À partir du : les mois d’avant le %(first)s se règlent, ou sont déjà réglés, avec la répartition d’alors."),
    _("Choisissez le %(first)s, ou le premier jour d’un mois à venir."),
)
FROM_OUTSIDE = Refusal(
    "programmes.funding_from_outside",
    _("À partir du : ce jour est en dehors du dispositif, du %(starts_on)s au %(ends_on)s."),
    _("Choisissez le premier jour d’un mois du dispositif."),
)
FUNDER_HAS_PAID = Refusal(
    "programmes.funder_has_paid",
    _("Financements : un versement de « %(funder)s » est déjà enregistré pour cette part, qui disparaîtrait."),
    _("Gardez ce financeur dans la répartition, ou corrigez d’abord ce versement."),
)


@transaction.atomic
def change_fundings(
    *,
    by: Actor,
    programme: Programme,
    fundings: Sequence[FundingSpec],
    from_day: date | None = None,
    reason: str,
    now: datetime | None = None,
) -> list[Funding]:
    """Share the programme between these funders from a day on: the first of the present month, or of one to come.

    Until that day the shares stay those that were: a month that is closed was closed with them. While no money is
    recorded nothing could be activated, so the shares may be put right from the very first day. Without ``from_day``,
    as early as may be. Shares in basis points, 10 000 in all. Raises one refusal that lists every fault of the
    fundings, or one that says which day to choose.
    """
    by.require(permissions.CHANGE_FUNDINGS, programme=programme)
    row = Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme.pk)
    why = text_within(300, _("Motif"), reason)
    if not fundings:
        raise NO_FUNDING.filled()
    refuse([*funding_problems(fundings), *sharing_problems(fundings, row.identity_level), *funder_problems(fundings)])
    first = earliest_day(row, now or timezone.now())
    day = from_day or first
    _require_day(row, day, first)
    before = _picture(fundings_on(row.pk, day))
    wanted = {_found(spec.funder).pk: spec for spec in fundings}
    _end_or_keep(row, wanted, day)
    for funder_id, spec in wanted.items():
        _write(row, funder_id, spec, day)
    after = _picture(fundings_on(row.pk, day))
    audit.record(
        by,
        "programmes.change_fundings",
        row,
        programme_id=row.pk,
        before={"fundings": before},
        after={"fundings": after, "from_day": day.isoformat(), "reason": why},
    )
    return list(fundings_on(row.pk, day))


def earliest_day(programme: Programme, now: datetime) -> date:
    """The first day from which the shares may change: a month that is over may be closed, and is paid as it was.

    The first day of the programme while nothing can have been paid.
    """
    month = now.astimezone(ZoneInfo(programme.time_zone)).date().replace(day=1)
    nothing_paid = programme.required_cover_bp > 0 and not programme.receipts.exists()
    return programme.starts_on if nothing_paid else max(month, programme.starts_on)


def _require_day(programme: Programme, day: date, first: date) -> None:
    if not programme.starts_on <= day <= programme.ends_on:
        raise FROM_OUTSIDE.filled(starts_on=_written(programme.starts_on), ends_on=_written(programme.ends_on))
    if day.day != 1 and day != programme.starts_on:
        raise FROM_A_MONTH.filled(next=_written((day.replace(day=1) + timedelta(days=32)).replace(day=1)))
    if day < first:
        raise FROM_TOO_EARLY.filled(first=_written(first))


def _end_or_keep(programme: Programme, wanted: dict[int, FundingSpec], day: date) -> None:
    """End, the eve of ``day``, what was decided before; what would have begun later never begins.

    What goes on unchanged, or is rewritten, is taken out of ``wanted``.
    """
    # The latest first: a funder has one open share at a time.
    for row in programme.fundings.select_related("funder").order_by("-pk"):
        spec = wanted.get(row.funder_id)
        if (row.valid_from or programme.starts_on) >= day:
            _rewrite_or_remove(row, wanted.pop(row.funder_id, None), _since(programme, day))
        elif row.valid_until is None and spec is not None and _pays_the_same(row, spec):
            _rewrite(row, wanted.pop(row.funder_id), row.valid_from)
        elif row.valid_until is None or row.valid_until >= day:
            row.valid_until = day - timedelta(days=1)
            row.save(update_fields=["valid_until"])


def _rewrite_or_remove(row: Funding, spec: FundingSpec | None, since: date | None) -> None:
    if spec is not None:
        _rewrite(row, spec, since)
        return
    if row.receipts.exists():
        raise FUNDER_HAS_PAID.filled(funder=row.funder.name)
    # It was never in force: the journal alone remembers it.
    row.delete()


def _pays_the_same(row: Funding, spec: FundingSpec) -> bool:
    return (row.share_bp, row.kind) == (spec.share_bp, spec.kind)


def _rewrite(row: Funding, spec: FundingSpec, since: date | None) -> None:
    for field, value in _columns(spec).items():
        setattr(row, field, value)
    row.valid_from, row.valid_until = since, None
    row.save()


def _write(programme: Programme, funder_id: int, spec: FundingSpec, day: date) -> Funding:
    return Funding.objects.create(
        programme=programme, funder_id=funder_id, valid_from=_since(programme, day), **_columns(spec)
    )


def _since(programme: Programme, day: date) -> date | None:
    return None if day == programme.starts_on else day


def _columns(spec: FundingSpec) -> dict[str, Any]:
    return {name: value for name, value in vars(spec).items() if name != "funder"}


def _found(reference: str) -> Organisation:
    organisation = find_organisation(reference)
    if organisation is None:
        raise LookupError(reference)
    return organisation


def _picture(fundings: Iterable[Funding]) -> list[dict[str, object]]:
    return [{"funder": row.funder_id, "share_bp": row.share_bp, "kind": row.kind} for row in fundings]


def _written(day: date) -> str:
    return day.strftime("%d/%m/%Y")
