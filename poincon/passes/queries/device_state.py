"""What a device needs off line: public keys, its venues and offers, and which passes are used.

One bit for each pass of each batch: bit ``(rank - 1) * size + position - 1``, least significant first, is set when that
pass is used. Blocked booklets are listed apart, by rank. A later call asks only for what changed.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from poincon.kernel.db import adapted
from poincon.network.models import Qualification
from poincon.organisations.devices import Scanner
from poincon.passes.context import programme_context
from poincon.passes.device_words import sentences, sentences_digest
from poincon.passes.enums import Custody, MovementKind, Validity
from poincon.passes.models import Annulment, Batch, Block, Booklet, Movement, Redemption, SigningKey
from poincon.passes.queries.device_rules import programmes_of, venues_of
from poincon.programmes.models import Programme

FORMAT = 1
#: A scan is dated when it arrives and seen once committed; what may have been in between is sent twice.
OVERLAP = timedelta(minutes=5)


#: The programmes whose passes an operator may meet.
_OF_THE_OPERATOR = "IN (SELECT programme_id FROM network_qualification WHERE operator_id = %s AND withdrawn_on IS NULL)"
_BATCH_OF_A_SCAN = "JOIN passes_booklet b ON b.id = s.booklet_id JOIN passes_batch t ON t.id = b.batch_id"
#: What changes a pass or a booklet, with the date of the change (``_changed`` names the booklets).
_CHANGES = {
    f"passes_scan s {_BATCH_OF_A_SCAN}": "s.accepted AND s.received_at",
    f"passes_annulment a JOIN passes_scan s ON s.id = a.scan_id {_BATCH_OF_A_SCAN}": "a.at",
    "passes_block k JOIN passes_booklet b ON b.id = k.booklet_id JOIN passes_batch t ON t.id = b.batch_id": "k.at",
    "passes_movement m JOIN passes_batch t ON t.id = m.batch_id": f"m.kind = '{MovementKind.DESTROYED}' AND m.at",
}


def state_tag(scanner: Scanner, *, now: datetime) -> str:
    """The ETag of ``device_state`` at this moment: ``is_current`` says whether it still is. One statement."""
    return f"{int(now.timestamp() * 1_000_000):x}-{_surroundings(scanner, now)}"


def is_current(scanner: Scanner, tag: str, *, now: datetime) -> bool:
    """Whether nothing of the operator's programmes changed since ``state_tag`` gave this tag. At most two statements.

    What happened less than ``OVERLAP`` before the tag may have been committed behind it: it counts as a change.
    """
    written, _, surroundings = tag.partition("-")
    given = _moment_of(written)
    if given is None or given > now or surroundings != _surroundings(scanner, now):
        return False
    found = " OR ".join(
        f"EXISTS (SELECT 1 FROM {tables} WHERE {dated} >= %s AND t.programme_id {_OF_THE_OPERATOR})"
        for tables, dated in _CHANGES.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {found}", adapted([given - OVERLAP, scanner.operator_id] * len(_CHANGES)))
        return not cursor.fetchone()[0]


def _moment_of(written: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(written, 16) / 1_000_000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _surroundings(scanner: Scanner, now: datetime) -> str:
    """The digest of all that the state tells beside the passes: keys, rules, places, batches, the day."""
    batches = f"passes_batch WHERE programme_id {_OF_THE_OPERATOR}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT COUNT(activated_at) FROM {batches}), (SELECT COUNT(expired_at) FROM {batches}), "
            "(SELECT COUNT(*) + COUNT(revoked_at) FROM passes_signingkey), "
            "(SELECT SUM(p.rules_version) FROM programmes_programme p "
            "JOIN network_qualification q ON q.programme_id = p.id WHERE q.operator_id = %s)",
            [scanner.operator_id] * 3,
        )
        parts = cursor.fetchone()
    # Whose device it is decides whether she was trained; the words change with a version of this software.
    who = (scanner.operator_id, scanner.operator_version, scanner.user_id)
    tagged = repr((FORMAT, *who, timezone.localdate(now).isoformat(), *parts, sentences_digest()))
    return hashlib.sha256(tagged.encode()).hexdigest()[:32]


def device_state(scanner: Scanner, *, now: datetime, since: datetime | None = None) -> dict[str, Any]:
    """The whole state or, with ``since`` (the ``version`` of an earlier answer), the booklets that changed.

    A batch that became visible since then (activated, or of a programme whose qualification is new) comes with its
    bitmap. A bounded number of statements whatever the number of passes: 1 million passes make 125 kB.
    """
    decided = _qualifications(scanner.operator_id)
    programmes = list(Programme.objects.filter(pk__in=decided, uses_passes=True).order_by("id"))
    batches = list(
        Batch.objects.filter(programme__in=programmes, activated_at__isnull=False, expired_at=None)
        .select_related("signing_key", "programme")
        .order_by("id")
    )
    today = timezone.localdate(now)
    state: dict[str, Any] = {
        "format": FORMAT,
        # With Z: the plus sign of "+00:00" becomes a space in the address of who forgets to escape it.
        "version": now.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "complete": since is None,
        "keys": _keys(),
        "venues": venues_of(scanner, programmes, today),
        "programmes": programmes_of(scanner, programmes),
        "sentences": sentences(),
    }
    described = {batch.pk: _batch(batch) for batch in batches}
    state["batches"] = list(described.values())
    if since is None:
        _add_bitmaps(described, batches)
        return state
    known = since - OVERLAP
    _add_bitmaps(described, [batch for batch in batches if _became_visible(batch, decided, known)])
    state["changed"] = _changed([batch for batch in batches if not _became_visible(batch, decided, known)], known)
    return state


def _qualifications(operator_id: int) -> dict[int, datetime]:
    """When each programme's qualification of this operator was decided, by programme."""
    rows = Qualification.objects.filter(operator_id=operator_id, withdrawn_on=None).order_by("id")
    return dict(rows.values_list("programme_id", "decided_at"))


def _became_visible(batch: Batch, decided: Mapping[int, datetime], since: datetime) -> bool:
    return max(batch.activated_at or since, decided[batch.programme_id]) >= since


def _keys() -> list[dict[str, Any]]:
    return [
        {"id": key.identifier, "public_key": key.public_hex, "revoked": key.revoked_at is not None}
        for key in SigningKey.objects.order_by("id")
    ]


def _batch(batch: Batch) -> dict[str, Any]:
    programme = programme_context(batch.programme_id, batch.programme.rules_version)
    last_day = programme.last_day(batch)
    return {
        "id": batch.pk,
        "programme": batch.programme_id,
        "key": batch.signing_key.identifier,
        "quantity": batch.quantity,
        "size": batch.size,
        "value": batch.unit_value,
        "minutes": batch.unit_minutes,
        "valid_from": batch.valid_from.isoformat(),
        "valid_until": last_day.isoformat(),
        "refused_after": (last_day + timedelta(days=batch.grace_days)).isoformat(),
    }


@dataclass
class _Bits:
    """The passes of one batch: for each rank its used passes, in binary, and the ranks that are blocked."""

    size: int
    used: list[str]
    blocked: list[int]

    def packed(self) -> str:
        # Binary text to integer is linear in C; shifting an integer pass by pass is not.
        value = int("".join(reversed(self.used)) or "0", 2)
        length = (len(self.used) * self.size + 7) // 8
        return base64.b64encode(value.to_bytes(length, "little")).decode()


def _add_bitmaps(described: Mapping[int, dict[str, Any]], batches: list[Batch]) -> None:
    bits = {batch.pk: _Bits(batch.size, ["0" * batch.size] * batch.quantity, []) for batch in batches}
    for batch_id, rank, used, unusable in _touched(bits.keys()):
        if used:
            bits[batch_id].used[rank - 1] = format(used, f"0{bits[batch_id].size}b")
        if unusable:
            bits[batch_id].blocked.append(rank)
    for batch_id, packed in bits.items():
        described[batch_id] |= {"used": packed.packed(), "blocked": sorted(packed.blocked)}


def _touched(batch_ids: Iterable[int]) -> list[tuple[int, int, int, bool]]:
    listed = ",".join(map(str, batch_ids))
    if not listed:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT batch_id, rank, used, validity = %s OR custody IN (%s, %s) FROM passes_booklet "
            f"WHERE batch_id IN ({listed}) AND (used <> 0 OR validity = %s OR custody IN (%s, %s))",
            [Validity.BLOCKED, Custody.LOST, Custody.DESTROYED] * 2,
        )
        return list(cursor.fetchall())


def _changed(batches: list[Batch], since: datetime) -> list[dict[str, Any]]:
    """The booklets used, annulled, blocked or destroyed since then, each with its whole state now."""
    used = Redemption.objects.filter(scan__received_at__gte=since).values("booklet_id")
    annulled = Redemption.objects.filter(annulment__in=Annulment.objects.filter(at__gte=since)).values("booklet_id")
    blocked = Block.objects.filter(at__gte=since).values("booklet_id")
    destroyed = Movement.objects.filter(
        kind=MovementKind.DESTROYED,
        at__gte=since,
        batch=OuterRef("batch"),
        first_rank__lte=OuterRef("rank"),
        last_rank__gte=OuterRef("rank"),
    )
    changed = Booklet.objects.filter(
        Q(pk__in=used) | Q(pk__in=annulled) | Q(pk__in=blocked) | Q(Exists(destroyed), custody=Custody.DESTROYED),
        batch_id__in=[batch.pk for batch in batches],
    )
    return [
        {
            "batch": booklet.batch_id,
            "rank": booklet.rank,
            # In hexadecimal: sixty passes do not fit the numbers of JavaScript.
            "used": format(booklet.used, "x"),
            "blocked": booklet.validity == Validity.BLOCKED or booklet.custody in (Custody.LOST, Custody.DESTROYED),
        }
        for booklet in changed.order_by("batch_id", "rank")
    ]
