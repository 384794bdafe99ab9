from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from poincon.kernel.models import AuditEntry
from poincon.kernel.refusals import Refusal
from poincon.organisations.actors import Actor
from poincon.organisations.enums import Role
from poincon.programmes.checks import Invalid
from poincon.programmes.enums import ChangeKind
from poincon.programmes.models import Programme
from poincon.programmes.queries import changes_of, commune_codes
from poincon.programmes.services import add_public, add_territory, extend, suspend, update_rules
from poincon.programmes.spec import TerritorySpec
from tests.factories import (
    ENDS_ON,
    GUERET,
    LIMOGES,
    NOW,
    SYSTEM,
    make_actor,
    make_commune,
    make_organisation,
    make_programme,
    make_scheme,
    make_service,
    make_territory,
)

pytestmark = pytest.mark.django_db

LATER = date(2028, 6, 30)
SPRING: dict[str, Any] = {"first_day": date(2026, 3, 17), "last_day": date(2026, 5, 10)}


def refused(code: str) -> "pytest.RaisesExc[Refusal]":
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == f"programmes.{code}")


def test_a_changed_rule_moves_the_version_and_is_kept_with_before_and_after() -> None:
    programme = make_programme()
    update_rules(by=SYSTEM, programme=programme, max_passes_per_day=2)
    programme.refresh_from_db()
    assert programme.max_passes_per_day == 2
    assert programme.rules_version == 2
    entry = AuditEntry.objects.get(action="programmes.update_rules")
    assert (entry.before["max_passes_per_day"], entry.after["max_passes_per_day"]) == (None, 2)


def test_services_are_narrowed_then_opened_again() -> None:
    programme, service = make_programme(), make_service()
    update_rules(by=SYSTEM, programme=programme, services=[service])
    programme.refresh_from_db()
    assert (programme.all_services, list(programme.services.all())) == (False, [service])
    update_rules(by=SYSTEM, programme=programme, services=None)
    programme.refresh_from_db()
    assert (programme.all_services, list(programme.services.all())) == (True, [])


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"unit_value": 0, "unit_minutes": 0}, "passes.unit_value_euros"),
        ({"grace_days": 400}, "passes.grace_days"),
        ({"booklet_sizes": []}, "passes.booklet_sizes"),
        ({"max_passes_per_session": 3, "max_passes_per_person": 2}, "rules.max_passes_per_person"),
        ({"direct_use": True, "identity_level": "contact"}, "rules.direct_use"),
        ({"services": []}, "rules.services"),
        ({"evidence_until": date(2020, 1, 1)}, "people.evidence_until"),
    ],
)
def test_a_wrong_rule_is_refused_at_its_place(changes: dict[str, Any], place: str) -> None:
    programme = make_programme()
    with pytest.raises(Invalid) as refusal:
        update_rules(by=SYSTEM, programme=programme, **changes)
    assert [problem.where for problem in refusal.value.problems] == [place]
    programme.refresh_from_db()
    assert programme.rules_version == 1


def test_an_extension_moves_the_end() -> None:
    programme = make_programme()
    change = extend(by=SYSTEM, programme=programme, until=LATER, reason="Pandémie", moves_validity=True, now=NOW)
    programme.refresh_from_db()
    assert (programme.ends_on, programme.rules_version) == (LATER, 2)
    assert (change.kind, change.first_day, change.last_day) == (ChangeKind.EXTENSION, date(2028, 1, 1), LATER)
    assert (change.decided_by_label, change.decided_at) == ("essai", NOW)


def test_an_extension_goes_further_and_has_a_reason() -> None:
    programme = make_programme()
    with refused("extends_nothing"):
        extend(by=SYSTEM, programme=programme, until=ENDS_ON, reason="x", moves_validity=True)
    with refused("reason_missing"):
        extend(by=SYSTEM, programme=programme, until=LATER, reason=" ", moves_validity=True)
    programme.refresh_from_db()
    assert programme.ends_on == ENDS_ON


def test_a_suspension_is_kept_in_the_order_of_decisions() -> None:
    programme = make_programme()
    suspend(by=SYSTEM, programme=programme, **SPRING, reason="Confinement", moves_validity=True)
    extend(by=SYSTEM, programme=programme, until=LATER, reason="Retard", moves_validity=False)
    assert [change.kind for change in changes_of(programme.pk)] == [ChangeKind.SUSPENSION, ChangeKind.EXTENSION]
    programme.refresh_from_db()
    assert programme.rules_version == 3


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (date(2025, 12, 31), date(2026, 1, 2), "suspension_dates"),
        (date(2027, 12, 31), date(2028, 1, 1), "suspension_dates"),
        (date(2026, 6, 2), date(2026, 6, 1), "suspension_dates"),
        (date(2026, 5, 10), date(2026, 5, 12), "already_suspended"),
    ],
)
def test_a_suspension_is_inside_the_programme_and_apart_from_others(first: date, last: date, code: str) -> None:
    programme = make_programme()
    suspend(by=SYSTEM, programme=programme, **SPRING, reason="Confinement", moves_validity=True)
    with refused(code):
        suspend(by=SYSTEM, programme=programme, first_day=first, last_day=last, reason="x", moves_validity=True)


def test_a_public_is_added_from_a_day_on() -> None:
    programme = make_programme()
    public = add_public(by=SYSTEM, programme=programme, code="seniors", label="Seniors", open_from=date(2026, 9, 1))
    assert public.open_from == date(2026, 9, 1)
    with refused("public_twice"):
        add_public(by=SYSTEM, programme=programme, code="seniors", label="Seniors")
    with refused("invalid"):
        add_public(by=SYSTEM, programme=programme, code="autre", label="Autre", national_code="vieux")


def test_a_trial_is_spread_to_more_communes() -> None:
    programme = make_programme()
    make_territory(programme, [GUERET], name="Essai")
    make_commune(LIMOGES)
    add_territory(by=SYSTEM, programme=programme, territory=TerritorySpec("Suite", communes=(LIMOGES,)))
    assert commune_codes(programme.pk) == {GUERET, LIMOGES}
    programme.refresh_from_db()
    assert programme.rules_version == 2
    with refused("territory_twice"):
        add_territory(by=SYSTEM, programme=programme, territory=TerritorySpec("Essai", communes=(LIMOGES,)))
    with refused("invalid"):
        add_territory(by=SYSTEM, programme=programme, territory=TerritorySpec("Nulle part", communes=("00000",)))


VERBS: list[Callable[[Actor, Programme], object]] = [
    lambda by, programme: update_rules(by=by, programme=programme, direct_use=False),
    lambda by, programme: extend(by=by, programme=programme, until=LATER, reason="x", moves_validity=True),
    lambda by, programme: suspend(by=by, programme=programme, **SPRING, reason="x", moves_validity=True),
    lambda by, programme: add_public(by=by, programme=programme, code="p", label="P"),
    lambda by, programme: add_territory(by=by, programme=programme, territory=TerritorySpec("T", communes=(GUERET,))),
]


@pytest.mark.parametrize("verb", VERBS)
def test_only_the_funder_changes_its_programme(verb: Callable[[Actor, Programme], object]) -> None:
    scheme = make_scheme()
    strangers = [
        scheme.actor(Role.OBSERVER),
        scheme.actor(Role.COORDINATOR),
        make_actor(Role.FUNDER, make_organisation(is_funder=True)),
    ]
    for by in strangers:
        with pytest.raises(Refusal, match="droit"):
            verb(by, scheme.programme)
    assert verb(scheme.actor(Role.FUNDER), scheme.programme)
