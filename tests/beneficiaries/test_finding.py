"""A person is found again by her names, her telephone or the number of her file."""

import pytest

from poincon.beneficiaries.models import CaseFile
from poincon.beneficiaries.queries import matching_cases
from tests.factories import make_beneficiary, make_case_file, make_organisation, make_programme

pytestmark = pytest.mark.django_db


@pytest.fixture
def elodie() -> CaseFile:
    """Élodie Saint-Martin, among others."""
    programme, prescriber = make_programme(), make_organisation(is_prescriber=True)
    make_case_file(
        programme, prescriber, make_beneficiary(first_name="Paul", last_name="Martin", phone="07 00 00 00 01")
    )
    make_case_file(programme, prescriber)
    person = make_beneficiary(first_name="Élodie", last_name="Saint-Martin", phone="06 12 34 56 78")
    return make_case_file(programme, prescriber, person)


def found(text: str) -> list[str]:
    cases = matching_cases(CaseFile.objects.select_related("beneficiary"), text)
    return sorted(case.beneficiary.first_name for case in cases)


@pytest.mark.parametrize("text", ["Élodie", "elodie", "ELO saint", "saint martin", "06 12 34 56 78", "061234", "3456"])
def test_she_is_found(elodie: CaseFile, text: str) -> None:
    assert found(text) == ["Élodie"]


def test_by_the_number_of_the_file(elodie: CaseFile) -> None:
    assert found(f" {elodie.pk} ") == ["Élodie"]


def test_a_word_may_fit_several(elodie: CaseFile) -> None:
    assert found("mart") == ["Paul", "Élodie"]


@pytest.mark.parametrize("text", ["", "  ", "zoé", "elodie dupont", "999", "lodie", "'%_"])
def test_nobody_fits(elodie: CaseFile, text: str) -> None:
    assert found(text) == []
