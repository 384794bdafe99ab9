"""A seal proves that no fact older than it was altered, removed or slipped in, and names the rows at fault."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from poincon.kernel import seals
from poincon.kernel.db import settled_maximum
from poincon.kernel.guards import APPEND_ONLY
from poincon.kernel.models import AuditEntry, Seal
from poincon.kernel.seals import (
    Alteration,
    any_seal,
    fact_tables,
    is_in_the_chain,
    merkle_root,
    page_roots,
    seal,
    verify,
)
from poincon.passes.models import Scan
from tests.factories import make_organisation, make_programme, make_receipt
from tests.guards import guards_lifted

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 9, 30, 15, 123456, tzinfo=UTC)
JOURNAL = "kernel_auditentry"


def write(number: int = 3, *, first: int = 1) -> None:
    """Entries of the journal, the same each time."""
    AuditEntry.objects.bulk_create(
        AuditEntry(
            id=rank,
            at=NOW + timedelta(minutes=rank),
            author_label="Élodie",
            source="test",
            action="essai",
            subject="kernel.job",
            subject_id=str(rank),
            programme_id=None if rank % 2 else rank,
            before={"b": 1, "a": [None, 2.5, "é"]},
            after={},
        )
        for rank in range(first, first + number)
    )


def forge(sql: str) -> None:
    with guards_lifted("kernel_auditentry", "kernel_seal"), connection.cursor() as cursor:
        cursor.execute(sql)


def altered() -> list[tuple[str, int, int]]:
    return [(fault.table, fault.first_id, fault.last_id) for fault in verify()]


def test_nothing_altered_is_nothing_found() -> None:
    write()
    sealed = seal(now=NOW)
    assert (verify(), sealed.facts) == ([], 3)


def test_nothing_to_seal_makes_an_empty_seal() -> None:
    first, second = seal(now=NOW), seal(now=NOW + timedelta(days=1))
    assert (first.facts, second.facts, second.previous_digest) == (0, 0, first.digest)
    assert verify() == []


def test_each_seal_takes_what_came_since_the_one_before() -> None:
    write(3)
    seal(now=NOW)
    write(2, first=4)
    assert seal(now=NOW).facts == 2
    assert verify() == []


def test_seals_cover_every_table_of_facts() -> None:
    covered = {table.name for table in fact_tables()}
    facts = {apps.get_model(label)._meta.db_table for label in APPEND_ONLY}
    assert facts - covered == {"kernel_seal"}
    assert covered == set(seal(now=NOW).extent)


# --- the forger -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "author_label = 'Élodie '",
        "before = '{}'",
        "programme_id = 7",
        "programme_id = NULL",
        "subject_id = '02'",
        "at = '2026-03-04 09:32:15.123457+00:00'",
    ],
)
def test_a_row_altered_is_found(change: str) -> None:
    write()
    seal(now=NOW)
    if connection.vendor == "sqlite":
        change = change.replace("+00:00", "")
    forge(f"UPDATE kernel_auditentry SET {change} WHERE id = 2")
    assert altered() == [(JOURNAL, 1, 3)]


def test_a_row_removed_is_found() -> None:
    write()
    seal(now=NOW)
    forge("DELETE FROM kernel_auditentry WHERE id = 2")
    assert altered() == [(JOURNAL, 1, 3)]


def test_a_whole_page_removed_is_found() -> None:
    write()
    seal(now=NOW)
    forge("DELETE FROM kernel_auditentry")
    assert altered() == [(JOURNAL, 1, 3)]


def test_a_row_slipped_in_is_found() -> None:
    write(1)
    write(1, first=3)
    seal(now=NOW)
    write(1, first=2)
    assert altered() == [(JOURNAL, 1, 3)]


def test_a_row_slipped_into_an_empty_page_is_found() -> None:
    write(1, first=2_500)
    seal(now=NOW)
    write(1, first=5)
    assert altered() == [(JOURNAL, 1, 999)]


def test_only_the_page_at_fault_is_named() -> None:
    write(2_100)
    seal(now=NOW)
    forge("UPDATE kernel_auditentry SET action = 'autre' WHERE id = 1500")
    assert altered() == [(JOURNAL, 1_000, 1_999)]


def test_two_rows_exchanged_are_found() -> None:
    write()
    seal(now=NOW)
    forge("UPDATE kernel_auditentry SET id = 99 WHERE id = 1")
    forge("UPDATE kernel_auditentry SET id = 1 WHERE id = 2")
    forge("UPDATE kernel_auditentry SET id = 2 WHERE id = 99")
    assert altered() == [(JOURNAL, 1, 3)]


def test_the_seal_at_fault_is_named() -> None:
    write(2)
    first = seal(now=NOW)
    write(2, first=3)
    second = seal(now=NOW)
    forge("UPDATE kernel_auditentry SET action = 'autre' WHERE id = 4")
    assert verify() == [Alteration(second.pk, JOURNAL, 3, 4)]
    assert first.pk < second.pk


@pytest.mark.parametrize(
    "change",
    ["root = '{other}'", "digest = '{other}'", "extent = '{{}}'", "at = '2020-01-01 00:00:00'"],
)
def test_a_seal_altered_is_found(change: str) -> None:
    write()
    sealed = seal(now=NOW)
    seal(now=NOW)
    forge(f"UPDATE kernel_seal SET {change.format(other='0' * 64)} WHERE id = {sealed.pk}")
    assert ("kernel_seal", sealed.pk, sealed.pk) in altered()


def test_a_seal_taken_out_breaks_the_chain() -> None:
    seal(now=NOW)
    write()
    middle, last = seal(now=NOW), seal(now=NOW)
    forge(f"DELETE FROM kernel_seal WHERE id = {middle.pk}")
    assert altered() == [("kernel_seal", last.pk, last.pk)]


def test_a_forger_who_makes_a_new_seal_changes_the_printed_digest() -> None:
    write()
    printed = seal(now=NOW).digest
    forge("UPDATE kernel_auditentry SET action = 'autre' WHERE id = 1")
    forge("DELETE FROM kernel_seal")
    assert seal(now=NOW).digest != printed
    assert verify() == []


# --- what does not break a seal ---------------------------------------------------------------------------------------


def test_a_column_added_later_is_not_in_the_seals_of_before(monkeypatch: pytest.MonkeyPatch) -> None:
    write()
    then = [without(table, "programme_id") for table in fact_tables()]
    with monkeypatch.context() as patch:
        patch.setattr(seals, "fact_tables", lambda: then)
        seal(now=NOW)
    write(1, first=4)
    seal(now=NOW)
    assert verify() == []
    forge("UPDATE kernel_auditentry SET programme_id = 9")
    assert altered() == [(JOURNAL, 4, 4)]


def without(table: seals.FactTable, column: str) -> seals.FactTable:
    kept = tuple(name for name in table.columns if name != column)
    return seals.FactTable(table.name, kept, table.json_columns)


def test_a_compensating_row_may_be_named_later() -> None:
    redemptions = next(table for table in fact_tables() if table.name == "passes_redemption")
    assert "annulment_id" not in redemptions.columns
    assert {"booklet_id", "position", "value", "day"} <= set(redemptions.columns)


def a_scan() -> None:
    Scan.objects.create(
        id=1,
        uuid=UUID(int=7),
        operator_id=5,
        presented="4829 1570 363Q",
        passes=1,
        occurred_at=NOW,
        received_at=NOW,
        accepted=False,
        reason="unknown_booklet",
        verdict="{}",
    )


def a_receipt() -> None:
    programme = make_programme(id=900_001, owner=make_organisation(id=900_001, is_funder=True))
    make_receipt(programme, 5_000_000_000, id=1, reference="VIR-1", recorded_at=NOW)


@pytest.mark.parametrize(
    ("table", "write", "rows", "expected"),
    [
        (JOURNAL, write, 3, "452de7a7d7f7f072f47297c7b29a7d1beea5e75372024e490f2c3548b29e4bb5"),
        ("passes_scan", a_scan, 1, "fe89503084f78486fed01cc4f3a8f76afbd4b9cf4813d66f64df9aa12df0328b"),
        ("programmes_fundingreceipt", a_receipt, 1, "cbdee40514903a4452f6a5427810695da03b8314a5623764a3a31832d0487fb2"),
    ],
)
def test_the_same_facts_have_the_same_root_on_both_engines(
    table: str, write: Callable[[], None], rows: int, expected: str
) -> None:
    """Dates, moments, identifiers, booleans, JSON: a database moved from one engine to the other still verifies."""
    write()
    (facts,) = [fact_table for fact_table in fact_tables() if fact_table.name == table]
    assert list(page_roots(facts, 0, 3)) == [(1, 3, rows, expected)]


def test_rows_written_while_sealing_wait_for_the_next_seal(monkeypatch: pytest.MonkeyPatch) -> None:
    write(3)

    def settled(table: str) -> int:
        maximum = settled_maximum(table)
        if table == JOURNAL:
            write(1, first=4)
        return maximum

    with monkeypatch.context() as patch:
        patch.setattr(seals, "settled_maximum", settled)
        assert seal(now=NOW).facts == 3
    assert seal(now=NOW).facts == 1
    assert verify() == []


# --- Merkle -----------------------------------------------------------------------------------------------------------


def test_a_tree_of_one_leaf_is_the_leaf() -> None:
    assert merkle_root([b"a" * 32]) == b"a" * 32


@pytest.mark.parametrize("change", [lambda leaves: leaves[::-1], lambda leaves: leaves[:-1], lambda leaves: leaves * 2])
def test_the_root_depends_on_every_leaf_and_their_order(change: Callable[[list[bytes]], list[bytes]]) -> None:
    leaves = [bytes([number]) * 32 for number in range(5)]
    assert merkle_root(change(leaves)) != merkle_root(leaves)


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    seal(now=NOW, progress=lambda done, total: told.append((done, total)))
    verify(progress=lambda done, total: told.append((done, total)))
    tables = len(fact_tables())
    assert told == [(rank, tables) for rank in range(1, tables + 1)] + [(1, 1)]


def test_a_chain_never_forks() -> None:
    first = seal(now=NOW)
    facts: dict[str, Any] = {"at": NOW, "root": "", "facts": 0, "extent": {}}
    with pytest.raises(IntegrityError), transaction.atomic():
        Seal.objects.create(previous_digest="", digest="x" * 64, **facts)
    assert first.previous_digest == ""


def test_a_row_that_no_seal_would_cover_is_found() -> None:
    make_receipt(make_programme())
    seal()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO programmes_fundingreceipt (id, programme_id, kind, amount, received_on, reference, "
            "recorded_at, recorded_by_label) SELECT -5, programme_id, kind, amount, received_on, 'glissé', "
            "recorded_at, recorded_by_label FROM programmes_fundingreceipt"
        )
    assert [(fault.table, fault.first_id) for fault in verify()] == [("programmes_fundingreceipt", -5)]


def test_a_digest_kept_elsewhere_shows_a_chain_cut_short() -> None:
    kept = seal().digest
    assert is_in_the_chain(kept)
    with guards_lifted("kernel_seal"):
        Seal.objects.all().delete()
    assert not is_in_the_chain(kept)
    assert not any_seal()
