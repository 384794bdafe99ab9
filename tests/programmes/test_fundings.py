"""Shares are dated: what a closed month said stays true."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from poincon.kernel.models import AuditEntry
from poincon.kernel.refusals import Refusal
from poincon.organisations.actors import Actor
from poincon.organisations.enums import Role
from poincon.organisations.models import Organisation
from poincon.programmes.checks import Invalid
from poincon.programmes.enums import FunderKind
from poincon.programmes.models import Funding, Programme
from poincon.programmes.queries import fundings_on
from poincon.programmes.services import change_fundings, update_rules
from poincon.programmes.spec import FundingSpec
from tests.factories import NOW, STARTS_ON, SYSTEM, make_actor, make_funding, make_organisation, make_receipt
from tests.factories import make_programme as make_bare_programme
from tests.refusing import refused

pytestmark = pytest.mark.django_db

MARCH, APRIL, JULY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 7, 1)


@pytest.fixture
def state() -> Organisation:
    return make_organisation(name="État", is_funder=True)


@pytest.fixture
def programme() -> Programme:
    """Paid by its owner alone, who has already put money in."""
    programme = make_bare_programme()
    make_receipt(programme, funding=make_funding(programme))
    return programme


def change(programme: Programme, shares: dict[str, int], *, from_day: date | None = None, by: Actor = SYSTEM) -> None:
    specs = [FundingSpec(funder=name, kind=FunderKind.OTHER, share_bp=share) for name, share in shares.items()]
    change_fundings(by=by, programme=programme, fundings=specs, from_day=from_day, reason="Avenant n° 1", now=NOW)


def on(programme: Programme, day: date) -> dict[str, int]:
    return {row.funder.name: row.share_bp for row in fundings_on(programme.pk, day)}


HALVES = {"Département de la Creuse": 5000, "État": 5000}
WHOLE = {"Département de la Creuse": 10_000}


def test_a_share_changes_from_a_month_on_and_stays_what_it_was_before(
    programme: Programme, state: Organisation
) -> None:
    change(programme, HALVES, from_day=APRIL)
    assert on(programme, date(2026, 3, 31)) == WHOLE
    assert on(programme, APRIL) == HALVES
    entry = AuditEntry.objects.get(action="programmes.change_fundings")
    assert [row["share_bp"] for row in entry.before["fundings"]] == [10_000]
    assert entry.after["reason"] == "Avenant n° 1"


def test_without_a_day_the_present_month_is_the_first(programme: Programme, state: Organisation) -> None:
    change(programme, HALVES)
    assert on(programme, date(2026, 2, 28)) == WHOLE
    assert on(programme, MARCH) == HALVES


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 2, 1), "programmes.funding_from_too_early"),
        (date(2026, 4, 2), "programmes.funding_from_a_month"),
        (date(2028, 1, 1), "programmes.funding_from_outside"),
        (date(2025, 12, 1), "programmes.funding_from_outside"),
    ],
)
def test_a_day_that_would_change_what_was_paid_is_refused(
    programme: Programme, state: Organisation, day: date, code: str
) -> None:
    with refused(code):
        change(programme, HALVES, from_day=day)
    assert on(programme, JULY) == WHOLE


def test_while_there_is_no_money_shares_are_put_right_from_the_start(state: Organisation) -> None:
    programme = make_bare_programme()
    make_funding(programme)
    change(programme, HALVES)
    assert on(programme, STARTS_ON) == HALVES
    assert set(programme.fundings.values_list("valid_from", flat=True)) == {None}


def test_a_later_decision_replaces_one_that_had_not_begun(programme: Programme, state: Organisation) -> None:
    change(programme, HALVES, from_day=JULY)
    change(programme, {"Département de la Creuse": 2500, "État": 7500}, from_day=APRIL)
    assert on(programme, MARCH) == WHOLE
    assert on(programme, APRIL) == on(programme, JULY) == {"Département de la Creuse": 2500, "État": 7500}


def test_a_share_that_goes_on_keeps_its_row(programme: Programme, state: Organisation) -> None:
    change(programme, HALVES, from_day=APRIL)
    region = make_organisation(name="Région", is_funder=True)
    change(programme, {"État": 5000, region.name: 5000}, from_day=JULY)
    [row] = Funding.objects.filter(funder=state)
    assert (row.valid_from, row.valid_until) == (APRIL, None)
    assert on(programme, JULY) == {"État": 5000, "Région": 5000}


def test_a_share_already_paid_does_not_vanish(programme: Programme, state: Organisation) -> None:
    change(programme, HALVES, from_day=JULY)
    make_receipt(programme, funding=Funding.objects.get(funder=state))
    with refused("programmes.funder_has_paid", match="État"):
        change(programme, WHOLE, from_day=APRIL)


@pytest.mark.parametrize(
    ("shares", "place"),
    [
        ({"Département de la Creuse": 9999}, "fundings"),
        ({"Département de la Creuse": 5000, "Personne": 5000}, "[[fundings]] n° 2, funder"),
        ({"Département de la Creuse": 0, "État": 10_000}, "[[fundings]] n° 1, share_percent"),
    ],
)
def test_wrong_shares_are_refused_at_their_place(
    programme: Programme, state: Organisation, shares: dict[str, int], place: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        change(programme, shares)
    assert [problem.where for problem in refusal.value.problems] == [place]
    assert on(programme, MARCH) == WHOLE


def test_a_funder_named_in_two_ways_is_one(programme: Programme) -> None:
    with pytest.raises(Invalid, match="la même organisation"):
        change(programme, {"Département de la Creuse": 5000, programme.owner.siret: 5000})


def test_shares_are_asked(programme: Programme) -> None:
    nothing: Sequence[FundingSpec] = []
    with refused("programmes.no_funding"):
        change_fundings(by=SYSTEM, programme=programme, fundings=nothing, reason="", now=NOW)


def test_the_social_fund_keeps_its_people_identified() -> None:
    programme = make_bare_programme(identity_level="identified")
    make_funding(programme, kind=FunderKind.ESF)
    with pytest.raises(Invalid) as refusal:
        update_rules(by=SYSTEM, programme=programme, identity_level="contact")  # type: ignore[arg-type]  # as a form gives it
    assert [problem.where for problem in refusal.value.problems] == ["people.identity_level"]


def test_who_may_change_shares(programme: Programme, state: Organisation) -> None:
    change(programme, HALVES, by=make_actor(Role.FUNDER, programme.owner))
    for by in (make_actor(Role.ACCOUNTANT, programme.owner), make_actor(Role.FUNDER, state), make_actor()):
        with pytest.raises(Refusal, match="droit"):
            change(programme, WHOLE, by=by)


def test_the_present_month_is_that_of_the_programme(programme: Programme, state: Organisation) -> None:
    specs = [FundingSpec(funder="État", kind=FunderKind.STATE, share_bp=10_000)]
    midnight = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)
    change_fundings(by=SYSTEM, programme=programme, fundings=specs, reason="", now=midnight)
    assert on(programme, date(2026, 3, 31)) == WHOLE
    assert on(programme, APRIL) == {"État": 10_000}
