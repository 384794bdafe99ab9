"""Days, amounts, numbers and ages, as people say them."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from poincon.kernel.documents import french
from poincon.www.templatetags import humane

#: Half past eleven at night, Greenwich; half past midnight the next day, in Paris.
LATE = datetime(2025, 2, 28, 23, 30, tzinfo=UTC)


def test_a_day_is_written_on_screens_as_on_paper() -> None:
    assert humane.day(date(2025, 3, 4)) == french.day(date(2025, 3, 4)) == "mardi 4\xa0mars 2025"
    assert humane.short_day(date(2025, 3, 1)) == "1er mars 2025"


def test_a_moment_is_told_on_the_clock_of_the_site() -> None:
    assert humane.day(LATE) == "samedi 1er\xa0mars 2025"
    assert humane.moment(LATE) == "samedi 1er\xa0mars 2025 à 0\xa0h\xa030"
    assert humane.time_of_day(datetime(2025, 3, 4, 8, 0, tzinfo=UTC)) == "9\xa0h"


def test_a_period_names_both_days() -> None:
    assert humane.period_until(date(2025, 2, 1), date(2027, 5, 31)) == "du 1er février 2025 au 31 mai 2027"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (date(2025, 3, 4), "aujourd’hui"),
        (date(2025, 3, 3), "hier"),
        (date(2025, 3, 5), "demain"),
        (date(2025, 3, 1), "il y a 3 jours"),
        (date(2025, 3, 14), "dans 10 jours"),
        (date(2024, 12, 1), "il y a 3 mois"),
        (date(2023, 3, 4), "il y a 2 ans"),
        (date(2023, 4, 1), "il y a 23 mois"),
        (date(2015, 3, 4), "il y a 10 ans"),
    ],
)
def test_an_age_is_told_as_one_says_it(value: date, said: str) -> None:
    assert humane.age(value, today=date(2025, 3, 4)) == said


def test_other_languages_write_their_own_days() -> None:
    with translation.override("en"):
        assert humane.day(date(2025, 3, 4)) == "Tuesday 4 March 2025"
        assert humane.time_of_day(LATE) == "00:30"


@pytest.mark.parametrize(
    ("typed", "link"),
    [
        ("05 55 00 00 00", "tel:0555000000"),
        ("+33 5.55.00.00.00", "tel:+33555000000"),
        ("0555 (poste 12)", "tel:055512"),
    ],
)
def test_a_telephone_is_a_link_of_digits(typed: str, link: str) -> None:
    assert humane.phone_link(typed) == link
