"""The commands of statements, and what operators are attested, typed as their user would."""

import json
from pathlib import Path

import pytest

from poincon.organisations.enums import Role
from poincon.settlement.services import confirm_paid
from tests.cli.conftest import Typed
from tests.cli.test_booklets import pages
from tests.factories import SYSTEM, Scheme, make_scheme
from tests.settlement.making import MARCH_OVER, annul, approved, close, make_account, use_passes

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme(code="creuse")


def paid_for_nothing(scheme: Scheme) -> None:
    """Two passes of March are paid, then annulled."""
    make_account(scheme.operator)
    mistake = use_passes(scheme, 2)
    close(scheme)
    confirm_paid(by=SYSTEM, batch=approved(scheme), on=MARCH_OVER.date(), now=MARCH_OVER)
    annul(mistake)


@pytest.mark.parametrize("command", [("month", "close", "creuse", "2026-03"), ("statement", "list", "creuse")])
def test_what_an_operator_owes_back_is_said(typed: Typed, scheme: Scheme, command: tuple[str, ...]) -> None:
    assert "Trop-perçu" not in typed(*command).stdout
    paid_for_nothing(scheme)
    assert f"Trop-perçu par {scheme.operator.name} : 20 €" in typed(*command).stdout.replace("\xa0", " ")
    told = json.loads(typed(*command, "--json").stdout)
    assert told["owed_back"] == [{"operator": scheme.operator.name, "passes": 2, "total": 2000}]


def test_an_attestation_is_written_with_what_was_agreed(typed: Typed, scheme: Scheme, tmp_path: Path) -> None:
    agreed = ("--on", "01/03/2026", "--delay", "20", "--commission", "1,5 %")
    done = typed("operator", "attestation", scheme.operator.name, "creuse", *agreed, "--out", str(tmp_path))
    text = pages(tmp_path / f"attestation-creuse-{scheme.operator.pk}.pdf")
    assert done.exit_code == 0
    for words in (scheme.operator.name, "20 jours au plus", "1,5 %", "1er mars 2026"):
        assert words in text


def test_nothing_is_attested_to_an_operator_that_is_not_qualified(typed: Typed, scheme: Scheme) -> None:
    done = typed("operator", "attestation", scheme.prescriber.name, "creuse", "--json")
    assert json.loads(done.stderr)["refused"] == "attestation_not_qualified"


def test_a_command_acts_with_the_rights_of_the_person_it_names(typed: Typed, scheme: Scheme, tmp_path: Path) -> None:
    mediator = scheme.actor(Role.MEDIATOR).user
    assert mediator is not None
    as_mediator = ("--as", mediator.email, "--out", str(tmp_path), "--on", "01/03/2026")
    assert typed("operator", "attestation", scheme.operator.name, "creuse", *as_mediator).exit_code == 1
    assert list(tmp_path.iterdir()) == []
