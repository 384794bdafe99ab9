"""Redeem: one to a thousand scans, one transaction, one verdict each.

Whatever their number, the scans of a request cost the same few statements (lock, record, use), so that a village hall
coming back on line and a single punch take the same path (docs/decisions/0005-redemption-in-few-statements.md).
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from poincon.kernel.db import (
    PlannedStatement,
    as_uuid,
    id_reservation,
    insertion,
    integer_update,
    reserved_ids,
    run_together,
)
from poincon.kernel.refusals import Refusal
from poincon.organisations.devices import Scanner
from poincon.passes import codes, positions, refusals
from poincon.passes.codes import SignedCode, TypedNumber
from poincon.passes.context import batch_context, operator_context, programme_context
from poincon.passes.enums import Custody
from poincon.passes.models import Booklet, HandOver
from poincon.passes.offline import OfflineQueue, queue_statements
from poincon.passes.presented import Presentation, Presented, number_of
from poincon.passes.rules import (
    Acceptance,
    Attempt,
    BookletState,
    ScanRequest,
    code_position,
    decide,
    local_day,
    used_before,
)
from poincon.passes.services.usage import UsageBook, usage_statements
from poincon.passes.verdicts import verdict

LOCK_BOOKLETS = PlannedStatement(
    "SELECT b.id, b.number, b.batch_id, b.rank, b.size, b.custody, b.holder_id, b.validity, b.handed, b.used, "
    "k.revoked_at IS NOT NULL, p.rules_version FROM passes_booklet b "
    "JOIN passes_batch t ON t.id = b.batch_id JOIN passes_signingkey k ON k.id = t.signing_key_id "
    "JOIN programmes_programme p ON p.id = t.programme_id WHERE b.number {among} ORDER BY b.id{lock}",
    lock="b",
)
#: The answers already given to these identifiers.
ANSWERED = PlannedStatement("SELECT uuid, operator_id, verdict FROM passes_scan WHERE uuid {among}", kind="uuid")
SCAN_COLUMNS = {
    "id": "bigint", "uuid": "uuid", "operator_id": "bigint", "device_id": "bigint", "mediator_id": "bigint",
    "booklet_id": "bigint", "venue_id": "bigint", "service_id": "bigint", "presented": "text", "passes": "smallint",
    "occurred_at": "timestamptz", "received_at": "timestamptz", "accepted": "boolean", "reason": "text",
    "verdict": "text",
}  # fmt: skip
REDEMPTION_COLUMNS = {
    "scan_id": "bigint", "programme_id": "bigint", "booklet_id": "bigint", "position": "smallint",
    "operator_id": "bigint", "venue_id": "bigint", "service_id": "bigint", "commune_id": "text", "day": "date",
    "value": "integer", "minutes": "integer",
}  # fmt: skip
DIGEST_CHARACTERS = 16
Rows = Sequence[tuple[Any, ...]]


@dataclass(slots=True)
class Decided:
    """One scan with its answer, before it is written."""

    request: ScanRequest
    answer: Acceptance | Refusal
    #: What was read in it, when it is authentic.
    code: SignedCode | TypedNumber | None = None
    booklet: BookletState | None = None
    attempt: Attempt | None = None
    left: int = 0
    scan_id: int = 0
    verdict: str = ""


def redeem(requests: Sequence[ScanRequest], *, scanner: Scanner, now: datetime) -> list[str]:
    """Answer scans in order; returns the verdict of each, as the JSON text that is kept and replayed.

    A refused scan is recorded too, and blocks no other. A ``uuid`` already answered gets its first answer again.
    Booklet rows stay locked until commit; call it from nothing that answers before commit.
    """
    firsts = _first_of_each(requests)
    presentation = Presentation(firsts)
    try:
        answers = _redeem(firsts, presentation, scanner=scanner, now=now)
    except IntegrityError:
        # An identifier was answered while this request waited, on another booklet: its answer is there to be read now.
        answers = _redeem(firsts, presentation, scanner=scanner, now=now)
    return [answers[request.uuid] for request in requests]


@transaction.atomic
def _redeem(
    requests: Sequence[ScanRequest], presentation: Presentation, *, scanner: Scanner, now: datetime
) -> dict[UUID, str]:
    """Two exchanges with the database: lock and read everything, then write everything."""
    if not requests:
        return {}
    locked = _lock(requests, presentation.numbers(), scanner=scanner, now=now)
    earlier = _verdicts_given(locked.answered, scanner)
    decided = [
        _decide_one(request, code, locked, scanner=scanner, now=now)
        for request, code in zip(requests, presentation.proved(), strict=True)
        if request.uuid not in earlier
    ]
    _name_earlier_uses(decided)
    return earlier | _write(decided, locked.scan_ids, scanner=scanner, now=now)


def _first_of_each(requests: Iterable[ScanRequest]) -> list[ScanRequest]:
    firsts: dict[UUID, ScanRequest] = {}
    for request in requests:
        firsts.setdefault(request.uuid, request.sound())
    return list(firsts.values())


def _verdicts_given(rows: Rows, scanner: Scanner) -> dict[UUID, str]:
    """The answers found by ``ANSWERED``. Another operator's are not shown."""
    return {
        as_uuid(uuid): text if operator_id == scanner.operator_id else verdict(as_uuid(uuid), refusals.IDENTIFIER_TAKEN)
        for uuid, operator_id, text in rows
    }


@dataclass(frozen=True, slots=True)
class Locked:
    """What one exchange brought back: the locked booklets by number, and all that the rules look at."""

    booklets: dict[int, BookletState]
    usage: UsageBook
    queue: OfflineQueue
    answered: Rows
    scan_ids: list[int]


def _lock(requests: Sequence[ScanRequest], numbers: Collection[int], *, scanner: Scanner, now: datetime) -> Locked:
    """Lock the booklets until the end of the transaction, always in one order: no two requests wait for each other.

    Then find the scans already answered: a request sent twice waits for itself at the lock, and sees its answers only
    after it. And what the people used, and the ids of the scans to write.
    """
    statements = [ANSWERED.about(request.uuid for request in requests), *id_reservation("passes_scan", len(requests))]
    if not numbers:
        answered, *_, ids = run_together(statements)
        return Locked({}, UsageBook(), OfflineQueue(), answered, reserved_ids(ids, len(requests)))
    queue = queue_statements(scanner, [request.occurred_at for request in requests], now)
    statements = [LOCK_BOOKLETS.about(numbers), *usage_statements(numbers), *queue, *statements]
    booklets, _case_files, hand_overs, by_case_file, by_booklet, *rest = run_together(statements)
    queued, (answered, *_, ids) = rest[: len(queue)], rest[len(queue) :]
    return Locked(
        booklets={
            number: BookletState(booklet_id, number, batch_context(batch_id), *state)
            for booklet_id, number, batch_id, *state in booklets
        },
        usage=UsageBook(hand_overs, by_case_file, by_booklet),
        queue=OfflineQueue(
            (row for rows in queued for row in rows), moments=[now, *(request.occurred_at for request in requests)]
        ),
        answered=answered,
        scan_ids=reserved_ids(ids, len(requests)),
    )


def _decide_one(
    request: ScanRequest,
    code: Presented,
    locked: Locked,
    *,
    scanner: Scanner,
    now: datetime,
) -> Decided:
    if isinstance(code, Refusal):
        return Decided(request, code)
    booklet, usage = locked.booklets.get(number_of(code)), locked.usage
    if booklet is None:
        return Decided(request, refusals.UNKNOWN_BOOKLET, code)
    programme_id = booklet.batch.programme_id
    programme = programme_context(programme_id, booklet.programme_version)
    attempt = Attempt(
        request=request,
        code=code,
        booklet=booklet,
        programme=programme,
        operator=operator_context(
            programme_id, scanner.operator_id, booklet.programme_version, scanner.operator_version
        ),
        now=now,
        day=local_day(request.occurred_at, programme),
        mediator_id=request.mediator_id or scanner.user_id,
        usage=usage.of,
        shares=usage.shares,
    )
    answer = decide(attempt)
    if isinstance(answer, Acceptance):
        answer = _queue_fault(answer, attempt, locked.queue) or answer
    if isinstance(answer, Acceptance):
        _apply(answer, attempt, locked)
    return Decided(request, answer, code, booklet, attempt, booklet.left)


def _queue_fault(answer: Acceptance, attempt: Attempt, queue: OfflineQueue) -> Refusal | None:
    """Why the device should no longer have been punching off line."""
    return queue.fault(
        attempt.programme.programme_id,
        attempt.request.occurred_at,
        attempt.now,
        passes=answer.passes.bit_count(),
        most=attempt.programme.offline_max_passes,
    )


def _apply(answer: Acceptance, attempt: Attempt, locked: Locked) -> None:
    """Mark the passes in memory, so that the next scan of the same request sees them used."""
    booklet = attempt.booklet
    booklet.handed |= answer.passes
    booklet.used |= answer.passes
    passes = answer.passes.bit_count()
    used = locked.usage.of(booklet.booklet_id, answer.passes)
    used.add(attempt.day, answer.venue.venue_id, answer.offer.service_id, passes)
    locked.queue.hold(attempt.programme.programme_id, attempt.request.occurred_at, attempt.now, passes)


def _name_earlier_uses(decided: list[Decided]) -> None:
    """Complete "already used" with when and, territory only, where."""
    late = [item for item in decided if item.answer is refusals.ALREADY_USED and item.booklet and item.attempt]
    if not late:
        return
    listed = ",".join({str(item.booklet.booklet_id) for item in late if item.booklet})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.booklet_id, r.position, r.day, COALESCE(e.name, d.name) FROM passes_redemption r "
            "JOIN territories_commune c ON c.code = r.commune_id "
            "JOIN territories_departement d ON d.code = c.departement_id "
            "LEFT JOIN territories_epci e ON e.siren = c.epci_id "
            f"WHERE r.annulment_id IS NULL AND r.booklet_id IN ({listed})"
        )
        uses = {(booklet_id, position): (day, place) for booklet_id, position, day, place in cursor.fetchall()}
    for item in late:
        # A use not written yet is of this very request.
        if (
            item.booklet
            and item.attempt
            and (use := uses.get((item.booklet.booklet_id, code_position(item.attempt.code))))
        ):
            item.answer = used_before(*use)


def _write(decided: list[Decided], ids: Sequence[int], *, scanner: Scanner, now: datetime) -> dict[UUID, str]:
    """Write the scans and what the accepted ones use; returns their verdicts, by identifier."""
    # In one order for all: two requests that share identifiers wait for each other, never both.
    in_order = sorted(decided, key=lambda item: item.request.uuid.int)
    for item, scan_id in zip(in_order, ids, strict=False):
        item.scan_id, item.verdict = scan_id, _verdict_of(item)
    accepted = [item for item in decided if isinstance(item.answer, Acceptance)]
    _hand_over_directly(accepted, scanner=scanner, now=now)
    statements = insertion("passes_scan", SCAN_COLUMNS, [_scan_row(item, scanner, now) for item in in_order])
    statements += insertion("passes_redemption", REDEMPTION_COLUMNS, _redemption_rows(accepted))
    statements += integer_update("passes_booklet", "used", _used_masks(accepted))
    if statements:
        run_together(statements)
    return {item.request.uuid: item.verdict for item in decided}


def _used_masks(accepted: list[Decided]) -> list[tuple[int, int]]:
    return list({item.booklet.booklet_id: item.booklet.used for item in accepted if item.booklet}.items())


def _verdict_of(item: Decided) -> str:
    booklet, attempt = item.booklet, item.attempt
    if booklet is None or attempt is None:
        return verdict(item.request.uuid, item.answer)
    last_day = booklet.last_day(attempt.programme)
    return verdict(item.request.uuid, item.answer, booklet=booklet, left=item.left, valid_until=last_day)


def _scan_row(item: Decided, scanner: Scanner, now: datetime) -> tuple[object, ...]:
    request, answer, attempt = item.request, item.answer, item.attempt
    accepted = isinstance(answer, Acceptance)
    operator = attempt.operator if attempt else None
    venue = operator.venues.get(request.venue_id) if operator else None
    return (
        item.scan_id,
        request.uuid,
        scanner.operator_id,
        scanner.device_id,
        request.mediator_id if operator and request.mediator_id in operator.mediators else scanner.user_id,
        item.booklet.booklet_id if item.booklet else None,
        venue.venue_id if venue else None,
        attempt.programme.catalogue.get(request.service) if attempt else None,
        _kept(item),
        answer.passes.bit_count() if isinstance(answer, Acceptance) else request.passes or 1,
        request.occurred_at,
        now,
        accepted,
        answer.code if isinstance(answer, Refusal) else "",
        item.verdict,
    )


def _kept(item: Decided) -> str:
    """What is kept of what was presented: our own number, or the digest of what may be anything.

    A scan is sealed for ever, and people type where they should not: a social security number, a name.
    """
    if item.code is not None:
        return codes.written(number_of(item.code), code_position(item.code))
    text = item.request.presented
    digest = hashlib.sha256(text.encode()).hexdigest()[:DIGEST_CHARACTERS]
    return f"sha256:{digest} ({len(text)} caractères)"


def _redemption_rows(accepted: list[Decided]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for item in accepted:
        answer, booklet, attempt = item.answer, item.booklet, item.attempt
        if not isinstance(answer, Acceptance) or booklet is None or attempt is None:
            continue
        rows += [
            (
                item.scan_id,
                booklet.batch.programme_id,
                booklet.booklet_id,
                position,
                attempt.operator.operator_id,
                answer.venue.venue_id,
                answer.offer.service_id,
                answer.venue.commune,
                attempt.day,
                booklet.batch.unit_value,
                booklet.batch.unit_minutes,
            )
            for position in positions.positions_of(answer.passes)
        ]
    return rows


def _hand_over_directly(accepted: list[Decided], *, scanner: Scanner, now: datetime) -> None:
    """Where the venue also prescribes: the scan hands the passes over first (rule 2 of the domain)."""
    for item in accepted:
        answer, booklet = item.answer, item.booklet
        if not isinstance(answer, Acceptance) or booklet is None or not answer.hands_over:
            continue
        HandOver.objects.create(
            booklet_id=booklet.booklet_id,
            passes=answer.hands_over,
            prescriber_id=scanner.operator_id,
            at=now,
            by_label=scanner.label,
            direct=True,
        )
        whole = booklet.handed == positions.all_passes(booklet.size)
        custody = Custody.PERSON if whole else Custody(booklet.custody)
        Booklet.objects.filter(pk=booklet.booklet_id).update(handed=booklet.handed, custody=custody)
