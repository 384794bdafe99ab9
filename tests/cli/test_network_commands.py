"""Organisations, people, places and their rights, changed by command."""

import json
from pathlib import Path

import pytest

from poincon.mediation.models import Venue
from poincon.network.models import PrescriberAgreement, Qualification
from poincon.organisations.enums import Role
from poincon.organisations.models import Invitation, Membership, User
from tests.cli.conftest import Typed
from tests.factories import GUERET, Scheme, make_commune, make_membership, make_scheme, make_user, siret

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme(code="creuse")


def done(typed: Typed, *words: str) -> str:
    """What the command says; it must have done it."""
    result = typed(*words)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def test_an_organisation_is_corrected_and_gets_a_site(typed: Typed, scheme: Scheme) -> None:
    done(typed, "organisation", "update", "CCAS", "--phone", "0555111111", "--operates")
    scheme.prescriber.refresh_from_db()
    assert (scheme.prescriber.phone, scheme.prescriber.is_operator, scheme.prescriber.is_prescriber) == (
        "05 55 11 11 11",
        True,
        True,
    )
    done(typed, "organisation", "site", "CCAS", "Annexe", "--commune", GUERET)
    assert scheme.prescriber.sites.get().name == "Annexe"


def test_a_person_is_invited_again_then_no_more(typed: Typed, scheme: Scheme) -> None:
    words = ["invitation", "send", "lea@exemple.fr", "mediator", "--organisation", "Tiers-lieu", "--json"]
    first = json.loads(done(typed, *words))
    number = str(first["id"])
    again = json.loads(done(typed, "invitation", "again", number, "--json"))
    assert first["link"] != again["link"]
    assert "lea@exemple.fr" in done(typed, "invitation", "list")
    done(typed, "invitation", "revoke", number)
    assert Invitation.objects.get().revoked_at is not None
    assert typed("invitation", "revoke", number).exit_code == 1


def test_a_role_changes_and_an_account_closes(typed: Typed, scheme: Scheme) -> None:
    person = make_user(email="lea@exemple.fr")
    make_membership(Role.MEDIATOR, scheme.operator, user=person)
    done(typed, "role", "change", "lea@exemple.fr", "mediator", "operator_manager", "--organisation", "Tiers-lieu")
    assert Membership.objects.get(user=person, ended_at=None).role == Role.OPERATOR_MANAGER
    done(typed, "user", "update", "lea@exemple.fr", "--name", "Léa Martin")
    done(typed, "user", "close", "lea@exemple.fr", "--reason", "Départ")
    row = User.objects.get(email="lea@exemple.fr")
    assert (row.is_active, row.full_name) == (False, "Léa Martin")
    done(typed, "user", "reopen", "lea@exemple.fr")
    assert User.objects.get(email="lea@exemple.fr").is_active
    assert typed("role", "end", "lea@exemple.fr", "mediator", "--organisation", "Tiers-lieu").exit_code == 1


def test_an_operator_is_suspended_and_resumes(typed: Typed, scheme: Scheme) -> None:
    done(typed, "operator", "suspend", "Tiers-lieu", "creuse", "--from", "2026-04-01", "--reason", "Travaux")
    done(typed, "operator", "resume", "Tiers-lieu", "creuse", "--on", "2026-04-30")
    suspension = Qualification.objects.get(operator=scheme.operator).suspensions.get()
    assert str(suspension.last_day) == "2026-04-30"
    assert json.loads(done(typed, "operator", "list", "creuse", "--json"))[0]["operator"] == "Tiers-lieu"
    assert typed("operator", "suspend", "CCAS", "creuse", "--reason", "x").exit_code == 1


def test_a_prescriber_stops(typed: Typed, scheme: Scheme) -> None:
    done(typed, "prescriber", "end", "CCAS", "creuse", "--on", "2026-06-30", "--reason", "Fin")
    assert str(PrescriberAgreement.objects.get().valid_until) == "2026-06-30"
    assert "CCAS" in done(typed, "prescriber", "list", "creuse")
    assert typed("prescriber", "end", "Tiers-lieu", "creuse", "--reason", "x").exit_code == 1


def test_trainings_are_listed(typed: Typed, scheme: Scheme) -> None:
    make_user(email="lea@exemple.fr")
    done(typed, "training", "record", "lea@exemple.fr", "creuse", "mediator", "--on", "2026-01-15")
    assert "lea@exemple.fr" in done(typed, "training", "list", "creuse")


def test_a_place_is_corrected(typed: Typed, scheme: Scheme) -> None:
    done(typed, "venue", "update", str(scheme.venue.pk), "--name", "Le Bus", "--itinerant")
    scheme.venue.refresh_from_db()
    assert (scheme.venue.name, scheme.venue.itinerant) == ("Le Bus", True)


def test_a_network_is_seen_then_brought_in(typed: Typed, scheme: Scheme, tmp_path: Path) -> None:
    make_commune(GUERET)
    file = tmp_path / "reseau.csv"
    file.write_text(
        f"Organisation;SIRET;Lieu;Code INSEE;Téléfone\nLe Fil;{siret()};Salle;{GUERET};0\n", encoding="utf-8"
    )
    seen = done(typed, "venue", "import", "creuse", str(file), "--check")
    assert "1 organisation(s), 1 lieu(x)" in seen
    assert "Colonne ignorée : Téléfone." in seen
    assert not Venue.objects.filter(name="Salle").exists()
    done(typed, "venue", "import", "creuse", str(file))
    assert Venue.objects.get(name="Salle").operator.name == "Le Fil"
    file.write_text("Organisation;SIRET\nLoin;123\n", encoding="utf-8")
    refused = typed("venue", "import", "creuse", str(file), "--check")
    assert (refused.exit_code, "ligne 2, SIRET" in refused.stdout) == (1, True)
    assert typed("venue", "import", "creuse", str(file)).exit_code == 1
