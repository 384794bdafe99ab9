from datetime import UTC, date, datetime
from typing import Any

import pytest

from poincon.beneficiaries.models import Beneficiary, CaseFile
from poincon.beneficiaries.queries import cases_seen_by
from poincon.beneficiaries.services import open_case, transfer_case, update_case
from poincon.kernel.models import AuditEntry
from poincon.kernel.refusals import Refusal
from poincon.network.enums import TrainingKind
from poincon.network.models import PrescriberAgreement
from poincon.network.services import record_training
from poincon.organisations.actors import Actor
from poincon.organisations.enums import Role
from poincon.organisations.models import Organisation
from poincon.programmes.enums import IdentityLevel
from tests.beneficiaries.test_rules import refused
from tests.factories import (
    LIMOGES,
    NOW,
    SYSTEM,
    TODAY,
    Scheme,
    make_actor,
    make_agreement,
    make_case_file,
    make_commune,
    make_organisation,
    make_programme,
    make_public,
    make_scheme,
)
from tests.refusing import refused as text_refused

pytestmark = pytest.mark.django_db

MARIE: dict[str, Any] = {
    "first_name": "Marie-Hélène",
    "last_name": "Le Goff",
    "birth_date": date(1957, 5, 8),
    "phone": "0612345678",
}


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme()


@pytest.fixture
def named() -> Scheme:
    return make_scheme(identity_level=IdentityLevel.IDENTIFIED)


def opened(scheme: Scheme, **fields: Any) -> CaseFile:
    values: dict[str, Any] = {
        "by": SYSTEM,
        "prescriber": scheme.prescriber,
        "commune": make_commune(),
        "public": scheme.public,
        "now": NOW,
    } | fields
    return open_case(programme=scheme.programme, **values)


def test_an_anonymous_file_has_no_name(scheme: Scheme) -> None:
    case = opened(scheme, birth_year=1957, gender="feminin", situation="retraite")
    person = case.beneficiary
    assert (person.first_name, person.last_name, person.phone, person.birth_year) == ("", "", "", 1957)
    assert (case.situation, case.opened_at, case.opened_by) == ("retraite", NOW, None)


def test_a_named_file_is_spelled_one_way(named: Scheme) -> None:
    person = opened(named, **MARIE).beneficiary
    assert (person.phone, person.birth_year, person.last_name) == ("06 12 34 56 78", 1957, "Le Goff")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"first_name": "Marie"}, "not_asked"),
        ({"commune": None}, "missing"),
        ({"public": None}, "public_missing"),
        ({"proof": "NIR 1850578006084"}, "social_security_number"),
        ({"situation": "riche"}, "not_in_list"),
        ({"proof_date": date(2026, 3, 5)}, "proof_date_wrong"),
    ],
)
def test_a_wrong_file_is_refused_and_nothing_is_written(scheme: Scheme, fields: dict[str, Any], code: str) -> None:
    with refused(code):
        opened(scheme, **fields)
    assert not Beneficiary.objects.exists()


def test_a_proof_that_no_column_keeps_is_refused(scheme: Scheme) -> None:
    with text_refused("text_too_long", match="Justificatif vu : 201 caractères"):
        opened(scheme, proof="x" * 201)
    assert not Beneficiary.objects.exists()


def test_the_person_lives_in_the_territory(scheme: Scheme) -> None:
    with refused("commune_outside"):
        opened(scheme, commune=make_commune(LIMOGES))


def test_a_programme_without_territory_welcomes_anybody(scheme: Scheme) -> None:
    scheme.programme.territories.get().communes.clear()
    assert opened(scheme, commune=make_commune(LIMOGES)).pk
    assert opened(scheme, commune=None).beneficiary.commune is None


@pytest.mark.parametrize(
    ("opening", "closing", "is_open"),
    [(None, None, True), (TODAY, TODAY, True), (date(2026, 3, 5), None, False), (None, date(2026, 3, 3), False)],
)
def test_a_public_opens_and_closes(
    scheme: Scheme, opening: date | None, closing: date | None, *, is_open: bool
) -> None:
    public = make_public(scheme.programme, open_from=opening, open_until=closing)
    if is_open:
        assert opened(scheme, public=public).public == public
    else:
        with refused("public_closed"):
            opened(scheme, public=public)


def test_a_public_of_another_programme_is_refused(scheme: Scheme) -> None:
    with refused("public_unknown"):
        opened(scheme, public=make_public(make_programme()))


def test_a_public_may_ask_a_dated_proof(scheme: Scheme) -> None:
    public = make_public(scheme.programme, proof="Attestation de la CAF")
    with refused("proof_missing"):
        opened(scheme, public=public)
    with refused("proof_date_wrong"):
        opened(scheme, public=public, proof="Attestation")
    case = opened(scheme, public=public, proof=" Attestation ", proof_date=TODAY)
    assert (case.proof, case.proof_date) == ("Attestation", TODAY)


def test_the_prescriber_is_agreed_that_day(scheme: Scheme) -> None:
    PrescriberAgreement.objects.update(valid_until=date(2026, 3, 3))
    with refused("prescriber_not_agreed"):
        opened(scheme)
    with refused("prescriber_not_agreed"):
        opened(scheme, prescriber=make_organisation(is_prescriber=True))


def test_the_person_who_prescribes_is_trained_if_the_programme_asks_it() -> None:
    scheme = make_scheme(prescriber_training_required=True)
    by = scheme.actor(Role.PRESCRIBER)
    with refused("prescriber_not_trained"):
        opened(scheme, by=by)
    assert by.user is not None
    record_training(
        by=SYSTEM, user=by.user, programme=scheme.programme, kind=TrainingKind.PRESCRIBER, done_on=TODAY, now=NOW
    )
    assert opened(scheme, by=by).opened_by == by.user


def test_the_programme_is_running() -> None:
    scheme = make_scheme(ends_on=date(2026, 3, 3))
    with refused("programme_not_open"):
        opened(scheme)


def test_the_same_person_is_found_whatever_the_spelling(named: Scheme) -> None:
    first = opened(named, **MARIE)
    other = make_organisation(is_prescriber=True)
    make_agreement(other, named.programme)
    with refused("already_open") as refusal:
        opened(named, **(MARIE | {"first_name": "MARIE HELENE", "last_name": "le goff"}), prescriber=other)
    assert f"n° {first.pk}," in str(refusal.value)
    assert "04/03/2026" in str(refusal.value)
    assert named.prescriber.name not in str(refusal.value)


def test_namesakes_and_other_programmes_are_other_people(named: Scheme) -> None:
    opened(named, **MARIE)
    assert opened(named, **(MARIE | {"birth_date": date(1958, 5, 8)})).pk
    assert opened(make_scheme(identity_level=IdentityLevel.IDENTIFIED), **MARIE).pk


def test_by_contact_a_person_is_a_first_name_and_a_phone() -> None:
    scheme = make_scheme(identity_level=IdentityLevel.CONTACT)
    opened(scheme, first_name="Marie", phone="0612345678")
    with refused("already_open"):
        opened(scheme, first_name="marie", phone="+33 6 12 34 56 78")
    assert opened(scheme, first_name="Paul", phone="0612345678").pk


def test_anonymous_people_are_never_taken_for_each_other(scheme: Scheme) -> None:
    assert opened(scheme, birth_year=1957).pk != opened(scheme, birth_year=1957).pk


def test_a_correction_follows_the_same_rules(named: Scheme) -> None:
    case = opened(named, **MARIE)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"last_name": ""}, "missing"),
        ({"commune": make_commune(LIMOGES)}, "commune_outside"),
        ({"email": "1850578006084@exemple.fr"}, "social_security_number"),
        ({"public": None}, "public_missing"),
    ]
    for fields, code in wrong:
        with refused(code):
            update_case(by=SYSTEM, case_file=case, now=NOW, **fields)
    corrected = update_case(by=SYSTEM, case_file=case, now=NOW, birth_date=date(1960, 1, 2), situation="retraite")
    assert (corrected.situation, corrected.beneficiary.pk) == ("retraite", case.beneficiary.pk)
    person = Beneficiary.objects.get()
    assert (person.birth_date, person.birth_year, person.last_name) == (date(1960, 1, 2), 1960, "Le Goff")


def test_a_correction_does_not_make_somebody_else(named: Scheme) -> None:
    opened(named, **MARIE)
    other = opened(named, **(MARIE | {"first_name": "Paul"}))
    with refused("already_open"):
        update_case(by=SYSTEM, case_file=other, now=NOW, first_name="Marie Hélène")


def test_the_journal_tells_which_fields_changed_and_nothing_of_the_person(named: Scheme) -> None:
    case = opened(named, **MARIE)
    update_case(by=SYSTEM, case_file=case, now=NOW, last_name="Durand", gender="feminin", phone="0612345678")
    entry = AuditEntry.objects.get(action="beneficiaries.update_case")
    assert entry.subject_id == str(case.pk)
    assert entry.before == {}
    assert entry.after == {"beneficiary": case.beneficiary_id, "changed": ["gender", "last_name"]}


def test_the_day_a_file_was_opened_is_a_day_of_the_programme() -> None:
    scheme = make_scheme(identity_level=IdentityLevel.IDENTIFIED, time_zone="Indian/Reunion")
    evening = datetime(2026, 3, 4, 21, 0, tzinfo=UTC)
    opened(scheme, **MARIE, now=evening)
    with refused("already_open") as refusal:
        opened(scheme, **MARIE, now=evening)
    assert "05/03/2026" in str(refusal.value)


@pytest.fixture
def other(named: Scheme) -> Organisation:
    prescriber = make_organisation(is_prescriber=True)
    make_agreement(prescriber, named.programme)
    return prescriber


def test_a_file_passes_to_another_prescriber(named: Scheme, other: Organisation) -> None:
    case = opened(named, **MARIE)
    moved = transfer_case(by=SYSTEM, case_file=case, to=other, reason="Le CCAS a fermé", now=NOW)
    assert moved.prescriber == other
    assert set(cases_seen_by(make_actor(Role.PRESCRIBER, other))) == {case}
    assert set(cases_seen_by(named.actor(Role.PRESCRIBER))) == set()
    entry = AuditEntry.objects.get(action="beneficiaries.transfer_case")
    assert (entry.before, entry.after) == (
        {"prescriber": named.prescriber.pk},
        {"prescriber": other.pk, "reason": "Le CCAS a fermé"},
    )


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (" ", "reason_missing"),
        ("NIR 1850578006084", "social_security_number"),
        ("Mme LE GOFF a déménagé", "reason_names"),
    ],
)
def test_a_file_passes_for_a_reason_that_says_nothing_of_the_person(
    named: Scheme, other: Organisation, reason: str, code: str
) -> None:
    case = opened(named, **MARIE)
    with refused(code):
        transfer_case(by=SYSTEM, case_file=case, to=other, reason=reason, now=NOW)
    assert CaseFile.objects.get().prescriber == named.prescriber


def test_a_file_does_not_pass_for_a_reason_that_no_column_keeps(named: Scheme, other: Organisation) -> None:
    with text_refused("text_too_long", match="Motif : 301 caractères"):
        transfer_case(by=SYSTEM, case_file=opened(named, **MARIE), to=other, reason="x" * 301, now=NOW)


def test_a_file_passes_only_to_a_prescriber_of_the_programme(named: Scheme) -> None:
    with refused("prescriber_not_agreed"):
        transfer_case(
            by=SYSTEM,
            case_file=opened(named, **MARIE),
            to=make_organisation(is_prescriber=True),
            reason="Fermeture",
            now=NOW,
        )


def test_only_the_coordinator_passes_a_file(named: Scheme, other: Organisation) -> None:
    case = opened(named, **MARIE)
    strangers = [
        named.actor(Role.PRESCRIBER),
        make_actor(Role.PRESCRIBER, other),
        make_actor(Role.COORDINATOR, make_organisation(is_coordinator=True)),
        make_actor(),
    ]
    for by in strangers:
        with pytest.raises(Refusal, match="droit"):
            transfer_case(by=by, case_file=case, to=other, reason="Fermeture", now=NOW)
    coordinator = named.actor(Role.COORDINATOR)
    assert transfer_case(by=coordinator, case_file=case, to=other, reason="Fermeture", now=NOW).prescriber == other


def test_who_opens_and_corrects(scheme: Scheme) -> None:
    prescriber = scheme.actor(Role.PRESCRIBER)
    case = opened(scheme, by=prescriber)
    assert update_case(by=prescriber, case_file=case, now=NOW, situation="retraite").situation == "retraite"
    elsewhere = make_organisation(is_prescriber=True)
    strangers = [make_actor(Role.OBSERVER, scheme.prescriber), make_actor(Role.PRESCRIBER, elsewhere), make_actor()]
    for by in strangers:
        with pytest.raises(Refusal, match="droit"):
            opened(scheme, by=by)
        with pytest.raises(Refusal, match="droit"):
            update_case(by=by, case_file=case, now=NOW, situation="scolarise")


def test_a_prescriber_sees_the_people_it_prescribed(scheme: Scheme) -> None:
    mine = opened(scheme)
    elsewhere = make_organisation(is_prescriber=True)
    theirs = make_case_file(scheme.programme, elsewhere)
    other = make_case_file(make_programme(), scheme.prescriber)

    def seen(by: Actor) -> set[CaseFile]:
        return set(cases_seen_by(by))

    assert seen(scheme.actor(Role.PRESCRIBER)) == {mine, other}
    assert seen(make_actor(Role.PRESCRIBER, scheme.prescriber, programme=scheme.programme)) == {mine}
    assert seen(make_actor(Role.MEDIATOR, scheme.prescriber)) == set()
    assert seen(scheme.actor(Role.FUNDER)) == set()
    assert seen(make_actor()) == set()
    assert seen(SYSTEM) == {mine, theirs, other}
