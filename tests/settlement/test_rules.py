"""Pure rules of settlement."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poincon.settlement import rules
from poincon.settlement.enums import StatementState
from poincon.settlement.rules import Owed


@st.composite
def fundings(draw: st.DrawFn) -> list[tuple[str, int]]:
    """Funders whose shares make 100 %."""
    cuts = sorted({0, 10_000} | draw(st.sets(st.integers(1, 9_999), max_size=6)))
    return [(f"F{rank}", after - before) for rank, (before, after) in enumerate(pairwise(cuts))]


@given(st.integers(0, 10**12), fundings())
def test_shares_always_make_the_total_and_never_stray_by_a_cent(total: int, funders: list[tuple[str, int]]) -> None:
    shares = rules.funder_shares(total, funders)
    assert sum(share.amount for share in shares) == total
    assert all(abs(share.amount * 10_000 - total * share.share_bp) < 10_000 for share in shares)


@given(st.integers(0, 10**9), fundings())
def test_a_larger_share_never_pays_less(total: int, funders: list[tuple[str, int]]) -> None:
    shares = sorted(rules.funder_shares(total, funders), key=lambda share: share.share_bp)
    for less, more in pairwise(shares):
        assert less.amount <= more.amount or less.share_bp == more.share_bp


@pytest.mark.parametrize("funders", [[], [("ESF", 6000)], [("ESF", 6000), ("State", 5000)]])
def test_nothing_is_split_while_shares_do_not_make_the_whole(funders: list[tuple[str, int]]) -> None:
    assert rules.funder_shares(1000, funders) == []


@pytest.mark.parametrize(
    ("owed", "state"),
    [
        (Owed(1, passes=2, minutes=0, total=2000, valued=2), StatementState.PAYABLE),
        (Owed(1, passes=0, minutes=0, total=0, valued=2), None),
        (Owed(1, passes=-1, minutes=0, total=-1000, valued=3), None),
        (Owed(1, passes=3, minutes=180, total=0, valued=0), StatementState.NOTHING_DUE),
        (Owed(1, passes=0, minutes=0, total=0, valued=0), None),
    ],
)
def test_what_becomes_of_an_operator_s_month(owed: Owed, state: StatementState | None) -> None:
    assert rules.state_when_closed(owed) is state


@pytest.mark.parametrize(
    ("month", "last"), [(date(2024, 2, 1), date(2024, 2, 29)), (date(2026, 12, 15), date(2026, 12, 31))]
)
def test_the_last_day_of_a_month(month: date, last: date) -> None:
    assert rules.last_day(month) == last


@pytest.mark.parametrize(
    ("month", "words"),
    [(date(2026, 3, 1), "de mars 2026"), (date(2026, 8, 1), "d’août 2026"), (date(2026, 10, 1), "d’octobre 2026")],
)
def test_months_are_named_in_french(month: date, words: str) -> None:
    assert rules.of_month(month) == words


def test_the_day_is_the_one_of_the_programme() -> None:
    moment = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)
    assert rules.local_day(moment, "Europe/Paris") == date(2026, 4, 1)
    assert rules.local_day(moment, "America/Guadeloupe") == date(2026, 3, 31)


def test_statement_numbers_are_read_aloud_easily() -> None:
    assert rules.statement_number("creuse", date(2020, 3, 1), 7) == "CREUSE-2020-03-0007"


@pytest.mark.parametrize(("share", "words"), [(6000, "60\u00a0%"), (3333, "33,33\u00a0%"), (1250, "12,5\u00a0%")])
def test_percentages(share: int, words: str) -> None:
    assert rules.percentage(share) == words


@pytest.mark.parametrize(
    ("minutes", "words"), [(120, "2\u00a0h"), (90, "1\u00a0h\u00a030"), (0, "0\u00a0h"), (-60, "−\u00a01\u00a0h")]
)
def test_hours(minutes: int, words: str) -> None:
    assert rules.hours(minutes) == words


def test_the_print_of_a_pass_tells_passes_apart() -> None:
    prints = {rules.pass_digest(number, position) for number in (1, 11, 111) for position in (1, 11)}
    assert len(prints) == 6
    assert rules.pass_digest(1, 1) == rules.pass_digest(1, 1)


@given(st.lists(st.text("0123456789abcdef", min_size=4, max_size=4), min_size=1), st.randoms())
def test_the_print_of_a_list_does_not_depend_on_its_order(digests: list[str], random: object) -> None:
    shuffled = list(digests)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert rules.list_digest(shuffled) == rules.list_digest(digests)
    assert rules.list_digest([*digests, "ffff"]) != rules.list_digest(digests)


def test_months_of_different_shares_add_up_by_funder() -> None:
    march = rules.funder_shares(1001, [("ESF", 6000), ("State", 4000)])
    april = rules.funder_shares(1000, [("ESF", 5000), ("Region", 5000)])
    added = {share.funder: (share.amount, share.share_bp) for share in rules.added_shares([march, april])}
    assert {funder: amount for funder, (amount, _) in added.items()} == {"ESF": 1101, "State": 400, "Region": 500}
    assert added["ESF"][1] == 5502
    assert rules.added_shares([march, march])[0].share_bp == 6000
