from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poincon.beneficiaries.rules import Identity, checked_identity, comparable_name, contains_nir, short_name
from poincon.kernel.refusals import Refusal
from poincon.programmes.enums import IdentityLevel
from tests.refusing import refused as text_refused

TODAY = date(2026, 3, 4)
FULL = Identity("Marie", "Le Goff", date(1957, 5, 8), None, "feminin", "0612345678", "")


def refused(code: str) -> "pytest.RaisesExc[Refusal]":
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == f"beneficiaries.{code}")


def key(number: str) -> str:
    digits = number.replace("2A", "19").replace("2B", "18")
    return f"{97 - int(digits) % 97:02d}"


@pytest.mark.parametrize(
    "text",
    [
        "1850578006084",
        "185057800608491",
        "1 85 05 78 006 084 91",
        "vu carte vitale 2.57.05.23.096.001 le 3 mars",
        "n°1850578006084.",
        "18505" + "2A" + "004" + "015" + key("185052A004015"),
        "1 85 05 2b 033 041",
        "185\u00a005\u202f78 006 084",
    ],
)
def test_a_social_security_number_is_seen(text: str) -> None:
    assert contains_nir(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Attestation CAF du 04/03/2026",
        "0612345678",
        "185057800608400",
        "1851378006084",
        "5850578006084",
        "73282932000074",
        "18505780060840000",
        "1850500006084",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert not contains_nir(text)


@st.composite
def numbers(draw: st.DrawFn) -> list[str]:
    """The parts of a well-formed number, its key last."""
    parts = [
        draw(st.sampled_from("12")),
        f"{draw(st.integers(0, 99)):02d}",
        f"{draw(st.integers(1, 12)):02d}",
        draw(st.sampled_from(["01", "23", "2A", "2B", "62", "97", "99"])),
        f"{draw(st.integers(1, 990)):03d}",
        f"{draw(st.integers(1, 999)):03d}",
    ]
    return [*parts, key("".join(parts))]


@given(numbers(), st.sampled_from(["", " ", ".", "-"]))
def test_every_well_formed_number_is_seen_whatever_separates_it(parts: list[str], separator: str) -> None:
    assert contains_nir(f"vu : {separator.join(parts)} ok")
    assert contains_nir(separator.join(parts[:-1]))


def test_an_identified_person_is_spelled_one_way() -> None:
    identity = checked_identity(FULL, level=IdentityLevel.IDENTIFIED, today=TODAY)
    assert (identity.phone, identity.birth_year) == ("06 12 34 56 78", 1957)


@pytest.mark.parametrize(
    ("level", "identity", "code", "field"),
    [
        (IdentityLevel.ANONYMOUS, Identity(first_name="Marie"), "not_asked", "Prénom"),
        (IdentityLevel.ANONYMOUS, Identity(last_name="Le Goff"), "not_asked", "Nom"),
        (IdentityLevel.ANONYMOUS, Identity(phone="0612345678"), "not_asked", "Téléphone"),
        (IdentityLevel.ANONYMOUS, Identity(email="a@exemple.fr"), "not_asked", "Courriel"),
        (IdentityLevel.ANONYMOUS, Identity(birth_date=date(1957, 5, 8)), "not_asked", "Date de naissance"),
        (IdentityLevel.CONTACT, Identity(phone="0612345678"), "missing", "Prénom"),
        (IdentityLevel.CONTACT, Identity(first_name="Marie"), "missing", "Téléphone"),
        (IdentityLevel.CONTACT, Identity("Marie", "Le Goff", phone="0612345678"), "not_asked", "Nom"),
        (IdentityLevel.IDENTIFIED, Identity("Marie", "Le Goff"), "missing", "Date de naissance"),
        (IdentityLevel.IDENTIFIED, Identity("Marie", " ", date(1957, 5, 8)), "missing", "Nom"),
        (IdentityLevel.IDENTIFIED, Identity("Marie", "Le Goff", date(1957, 5, 8)), "contact_missing", "Téléphone"),
        (IdentityLevel.ANONYMOUS, Identity(birth_year=1899), "birth_wrong", "Année de naissance"),
        (IdentityLevel.ANONYMOUS, Identity(birth_year=2027), "birth_wrong", "Année de naissance"),
        (IdentityLevel.ANONYMOUS, Identity(gender="x"), "not_in_list", "Genre"),
        (IdentityLevel.IDENTIFIED, Identity("M", "L", date(2026, 3, 5)), "birth_wrong", "Date de naissance"),
        (IdentityLevel.IDENTIFIED, Identity("M", "L", date(1957, 5, 8), 1958), "birth_wrong", "Année de naissance"),
        (IdentityLevel.CONTACT, Identity("1850578006084"), "social_security_number", "Prénom"),
        (IdentityLevel.CONTACT, Identity("M", phone="1850578006084"), "social_security_number", "Téléphone"),
    ],
)
def test_a_person_is_asked_no_less_and_no_more(level: IdentityLevel, identity: Identity, code: str, field: str) -> None:
    with refused(code) as refusal:
        checked_identity(identity, level=level, today=TODAY)
    assert str(refusal.value).startswith(field)


def test_a_name_that_no_column_keeps_is_refused() -> None:
    with text_refused("text_too_long", match="Prénom : 81 caractères"):
        checked_identity(Identity("M" * 81, "Le Goff", date(1957, 5, 8)), level=IdentityLevel.IDENTIFIED, today=TODAY)


def test_an_anonymous_person_may_tell_nothing() -> None:
    assert checked_identity(Identity(), level=IdentityLevel.ANONYMOUS, today=TODAY) == Identity()


def test_two_spellings_of_a_name_compare_equal() -> None:
    assert comparable_name(" Hélène-Œdipe  D’Arc ") == comparable_name("HELENE OEDIPE D'ARC") == "helene oedipe d arc"


def test_an_operator_sees_a_first_name_and_an_initial() -> None:
    assert (short_name("Marie", "le Goff"), short_name("Marie", ""), short_name("", "")) == ("Marie L.", "Marie", "")
