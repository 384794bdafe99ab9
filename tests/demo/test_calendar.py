"""A story told in its own months is played in the months before today."""

from datetime import date
from zoneinfo import ZoneInfo

from poincon.demo.calendar import Calendar, month_later, months_of, working_day

CALENDAR = Calendar(today=date(2026, 3, 18), told_in=date(2021, 6, 1), zone=ZoneInfo("Europe/Paris"))


def test_the_told_month_becomes_this_one() -> None:
    assert CALENDAR.day(date(2021, 6, 10)) == date(2026, 3, 10)
    assert CALENDAR.day(date(2019, 12, 2)) == date(2024, 9, 2)


def test_the_last_of_a_month_stays_the_last() -> None:
    assert CALENDAR.day(date(2021, 5, 31)) == date(2026, 2, 28)
    assert month_later(date(2026, 2, 28), 1) == date(2026, 3, 31)
    assert month_later(date(2026, 1, 30), 1) == date(2026, 2, 28)


def test_every_date_of_the_file_moves() -> None:
    told = {"on": date(2021, 6, 1), "rows": [{"day": date(2021, 7, 1)}], "words": "2021"}
    assert CALENDAR.moved(told) == {"on": date(2026, 3, 1), "rows": [{"day": date(2026, 4, 1)}], "words": "2021"}


def test_nobody_works_on_saturday_nor_when_places_are_closed() -> None:
    assert working_day(date(2026, 3, 21)) == date(2026, 3, 23)
    closed = [(date(2026, 3, 23), date(2026, 3, 29))]
    assert working_day(date(2026, 3, 21), closed) == date(2026, 3, 30)


def test_months_go_across_the_year() -> None:
    assert months_of(date(2025, 11, 20), date(2026, 1, 5)) == [
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
    ]
