import pytest

from poincon.kernel.refusals import Refusal
from poincon.organisations import rules
from poincon.organisations.enums import LegalForm


def refused(code: str) -> "pytest.RaisesExc[Refusal]":
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == f"organisations.{code}")


def test_a_siret_loses_its_spaces() -> None:
    assert rules.valid_siret("732 829 320 00074") == "73282932000074"


def test_la_poste_has_its_own_check_digits() -> None:
    assert rules.valid_siret("35600000049837") == "35600000049837"
    with refused("siret_wrong"):
        rules.valid_siret("35600000049838")


@pytest.mark.parametrize("value", ["73282932000079", "7328293200007", "abc", "73282932O00074"])
def test_a_wrong_siret_is_refused_by_name(value: str) -> None:
    with refused("siret_wrong") as refusal:
        rules.valid_siret(value)
    assert "SIRET" in str(refusal.value)
    assert value in str(refusal.value)


@pytest.mark.parametrize("value", ["W23100012", "W2310001234", "X231000123", "231000123"])
def test_a_wrong_rna_is_refused(value: str) -> None:
    with refused("rna_wrong"):
        rules.valid_rna(value)


def test_the_siren_follows_from_the_siret() -> None:
    numbers = rules.identifiers(legal_form=LegalForm.COMPANY, siret="73282932000074")
    assert numbers == {"siret": "73282932000074", "siren": "732829320", "rna": ""}


def test_a_siren_of_another_is_refused() -> None:
    with refused("siren_not_of_siret"):
        rules.identifiers(legal_form=LegalForm.COMPANY, siret="73282932000074", siren="552008443")


def test_only_an_association_goes_without_siret() -> None:
    assert rules.identifiers(legal_form=LegalForm.ASSOCIATION, rna="w231 000 123")["rna"] == "W231000123"
    with refused("identifier_missing"):
        rules.identifiers(legal_form=LegalForm.COMPANY, rna="W231000123")
    with refused("identifier_missing"):
        rules.identifiers(legal_form=LegalForm.ASSOCIATION)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0612345678", "06 12 34 56 78"),
        ("06.12-34 56/78", "06 12 34 56 78"),
        ("+33 (0)6 12 34 56 78", "06 12 34 56 78"),
        ("0033 5 55 00 00 00", "05 55 00 00 00"),
        ("+262 692 12 34 56", "06 92 12 34 56"),
        ("+590 590 12 34 56", "05 90 12 34 56"),
        ("+687 12 34 56", "+687 12 34 56"),
        ("+689 40 12 34 56", "+689 40 12 34 56"),
        ("+32 27 86 12 34", "+3227861234"),
        ("", ""),
    ],
)
def test_a_phone_has_one_spelling(typed: str, kept: str) -> None:
    assert rules.normalise_phone(typed) == kept
    assert rules.normalise_phone(kept) == kept


@pytest.mark.parametrize("typed", ["06 12 34 56", "12", "abc", "0012", "+33 6 12 34 56", "08 00 00 00 00", "3949"])
def test_what_is_not_a_persons_phone_is_refused(typed: str) -> None:
    with refused("phone_wrong"):
        rules.normalise_phone(typed)


@pytest.mark.parametrize(("typed", "kept"), [("0800 123 456", "08 00 12 34 56"), ("3949", "39 49")])
def test_a_desk_may_have_a_special_number(typed: str, kept: str) -> None:
    assert rules.normalise_public_phone(typed) == kept


def test_a_refusal_keeps_nothing_of_the_request_it_answered() -> None:
    for _ in range(2):
        with refused("identifier_missing"):
            rules.identifiers(legal_form=LegalForm.COMPANY)
    # Raised itself, the constant would keep every frame it went through, with the people in them, for ever.
    assert rules.IDENTIFIER_MISSING.__traceback__ is None


def test_the_bic_follows_from_the_iban() -> None:
    assert rules.valid_account("FR76 3000 6000 0112 3456 7890 189") == ("FR7630006000011234567890189", "AGRIFRPPXXX")


def test_a_wrong_iban_is_refused_without_being_repeated() -> None:
    with refused("iban_wrong") as refusal:
        rules.valid_account("FR7630006000011234567890188")
    assert "3456" not in str(refusal.value)


def test_the_bic_of_a_bank_elsewhere_is_refused() -> None:
    with refused("bic_wrong"):
        rules.valid_account("FR7630006000011234567890189", "DEUTDEFF")
