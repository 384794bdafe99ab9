"""Seals: a Merkle root over every fact written since the seal before, chained to it.

Anybody who kept one printed digest can prove that no fact older than it was altered, removed or slipped in. Each table
is cut into pages of rows; ``verify`` names the page at fault. Section "Evidence and memory" of the domain.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction
from django.db.models import JSONField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel.db import change_alone, settled_maximum
from poincon.kernel.guards import APPEND_ONLY
from poincon.kernel.models import Seal
from poincon.kernel.refusals import Refusal

PAGE = 1_000
SEALED_MEANWHILE = Refusal(
    "sealed_meanwhile",
    _("Un autre scellement vient de se terminer : %(digest)s."),
    _("Les faits inscrits jusque-là sont scellés. Recommencez pour sceller ceux d’après."),
)
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class FactTable:
    """A table of facts and the columns that a seal covers: all but those that a compensating row may set later."""

    name: str
    columns: tuple[str, ...]
    json_columns: frozenset[str]


@dataclass(frozen=True)
class Alteration:
    """What a verification found: the seal, the table and the rows whose digest is no longer the one sealed."""

    seal_id: int
    table: str
    first_id: int
    last_id: int


def fact_tables() -> list[FactTable]:
    """Every append-only table except the seals themselves, in a fixed order."""
    tables = []
    for label, set_once in sorted(APPEND_ONLY.items()):
        model = apps.get_model(label)
        if model is Seal:
            continue
        fields = [field for field in model._meta.local_concrete_fields if field.column not in set_once]
        json_columns = frozenset(str(field.column) for field in fields if isinstance(field, JSONField))
        tables.append(FactTable(model._meta.db_table, tuple(field.column for field in fields), json_columns))
    return tables


def seal(*, now: datetime | None = None, progress: Progress | None = None) -> Seal:
    """Seal every fact not sealed yet. An empty seal is allowed: it says that nothing happened.

    To be called outside any transaction: scans wait for it a moment at each table, never for the whole of it. Of two at
    the same time one wins, the other raises the Refusal ``sealed_meanwhile``.
    """
    previous = _last_seal()
    before = previous.extent if previous else {}
    tables = fact_tables()
    extent: dict[str, dict[str, Any]] = {}
    for done, table in enumerate(tables, start=1):
        extent[table.name] = _extent(table, after=before.get(table.name, {}).get("last_id", 0))
        if progress:
            progress(done, len(tables))
    return _chain(previous, extent, now=now)


def _last_seal() -> Seal | None:
    return Seal.objects.order_by("-id").first()


@transaction.atomic
def _chain(previous: Seal | None, extent: dict[str, dict[str, Any]], *, now: datetime | None) -> Seal:
    """Set the seal behind ``previous``, unless another took that place while the facts were read."""
    change_alone(Seal._meta.db_table)
    last = _last_seal()
    if last != previous:
        raise SEALED_MEANWHILE.filled(digest=last.digest if last else "")
    root, at = _root_of(extent), now or timezone.now()
    previous_digest = previous.digest if previous else ""
    return Seal.objects.create(
        at=at,
        previous_digest=previous_digest,
        root=root,
        digest=_chained(previous_digest, root, at),
        facts=sum(part["rows"] for part in extent.values()),
        extent=extent,
    )


def _extent(table: FactTable, *, after: int) -> dict[str, Any]:
    # One table at a time: holding one while waiting for another would stop, half way, a scan that writes both.
    with transaction.atomic():
        last = max(after, settled_maximum(table.name))
    pages = list(page_roots(table, after, last))
    return {
        "columns": list(table.columns),
        "after_id": after,
        "last_id": last,
        "rows": sum(rows for _, _, rows, _ in pages),
        "pages": [[first, last, root] for first, last, _, root in pages],
    }


def verify(*, progress: Progress | None = None) -> list[Alteration]:
    """Recompute every seal from the rows. An empty list proves that nothing sealed was altered since.

    It proves it of the seals that are there: whoever kept the digest of one checks ``is_in_the_chain`` too.
    """
    tables = {table.name: table for table in fact_tables()}
    faults = [fault for table in tables.values() for fault in _out_of_reach(table)]
    previous_digest = ""
    total = Seal.objects.count()
    for done, sealed in enumerate(Seal.objects.order_by("id").iterator(chunk_size=10), start=1):
        chained = _chained(previous_digest, sealed.root, sealed.at)
        if (
            sealed.previous_digest != previous_digest
            or sealed.digest != chained
            or sealed.root != _root_of(sealed.extent)
        ):
            faults.append(Alteration(sealed.pk, Seal._meta.db_table, sealed.pk, sealed.pk))
        for name, part in sealed.extent.items():
            # The columns of then: one added to the model since is not in this seal.
            as_sealed = replace(tables[name], columns=tuple(part["columns"]))
            faults += _altered_pages(sealed.pk, as_sealed, part)
        previous_digest = sealed.digest
        if progress:
            progress(done, total)
    return faults


def is_in_the_chain(digest: str) -> bool:
    """Whether a digest kept elsewhere (printed, mailed) is still that of a seal: a chain cut or made again fails."""
    return Seal.objects.filter(digest=digest).exists()


def any_seal() -> bool:
    """Whether a seal was ever set: without one, nothing is proved."""
    return Seal.objects.exists()


def _out_of_reach(table: FactTable) -> Iterator[Alteration]:
    """Rows numbered below 1: no writer of ours draws such an id, and no seal would ever cover them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT MIN(id), MAX(id) FROM {table.name} WHERE id < 1")
        first, last = cursor.fetchone()
    if first is not None:
        yield Alteration(0, table.name, first, last)


def _altered_pages(seal_id: int, table: FactTable, part: dict[str, Any]) -> Iterator[Alteration]:
    now = {(first, last): root for first, last, _, root in page_roots(table, part["after_id"], part["last_id"])}
    then = {(first, last): root for first, last, root in part["pages"]}
    for bounds in sorted(now.keys() | then.keys()):
        if now.get(bounds) != then.get(bounds):
            yield Alteration(seal_id, table.name, *bounds)


def page_roots(table: FactTable, after_id: int, last_id: int) -> Iterator[tuple[int, int, int, str]]:
    """(first id, last id, rows, Merkle root) of each page of ids of a table, between two ids. Streams.

    A page is a span of ids, not of rows: removing a row changes one page, not all those behind it.
    """
    for page in range(after_id // PAGE, last_id // PAGE + 1):
        first, last = max(after_id + 1, page * PAGE), min(last_id, page * PAGE + PAGE - 1)
        if first > last:
            continue
        leaves = [_leaf(table, row) for row in _rows(table, first, last)]
        if leaves:
            yield first, last, len(leaves), merkle_root(leaves).hex()


def _rows(table: FactTable, first: int, last: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(table.columns)} FROM {table.name} WHERE id BETWEEN %s AND %s ORDER BY id", [first, last]
        )
        return list(cursor.fetchall())


def _leaf(table: FactTable, row: Iterable[Any]) -> bytes:
    values = [
        # PostgreSQL rewrites JSON as it stores it: compare what it means, not how it is spaced.
        json.loads(value) if column in table.json_columns else _canonical(value)
        for column, value in zip(table.columns, row, strict=True)
    ]
    text = json.dumps([table.name, *values], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(b"\x00" + text.encode()).digest()


def _canonical(value: Any) -> Any:
    """The same text on both engines, so that a database moved from one to the other still verifies."""
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return value.hex
    return int(value) if isinstance(value, bool) else value


def merkle_root(leaves: list[bytes]) -> bytes:
    """The root of the tree of these leaves; an odd leaf climbs alone. Leaves and nodes are hashed apart (RFC 6962)."""
    level = leaves
    while len(level) > 1:
        paired = [
            hashlib.sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - len(level) % 2, 2)
        ]
        level = paired + level[len(level) - len(level) % 2 :]
    return level[0]


def _root_of(extent: dict[str, Any]) -> str:
    text = json.dumps(extent, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _chained(previous_digest: str, root: str, at: datetime) -> str:
    return hashlib.sha256(f"{previous_digest}:{root}:{_canonical(at)}".encode()).hexdigest()
