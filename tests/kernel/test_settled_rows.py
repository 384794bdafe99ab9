"""On PostgreSQL an id is drawn before its row is visible: sealing must wait for the writers in flight."""

import threading
import time

import pytest
from django.db import connection, transaction

from poincon.kernel.db import settled_maximum
from poincon.kernel.models import Job
from tests.races.together import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def write_slowly(drawn: threading.Event, may_commit: threading.Event) -> None:
    with transaction.atomic():
        Job.objects.create(kind="slow", subject_id="1")
        drawn.set()
        may_commit.wait(PATIENCE)
    connection.close()


def waiting_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND state = 'active'")
        return bool(cursor.fetchone()[0])


def test_a_row_being_written_is_waited_for() -> None:
    drawn, may_commit = threading.Event(), threading.Event()
    writer = threading.Thread(target=write_slowly, args=(drawn, may_commit))
    writer.start()
    assert drawn.wait(PATIENCE)
    answers: list[int] = []

    def seal() -> None:
        with transaction.atomic():
            answers.append(settled_maximum(Job._meta.db_table))
        connection.close()

    sealer = threading.Thread(target=seal)
    sealer.start()
    deadline = time.monotonic() + PATIENCE
    while not waiting_for_a_lock() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not answers, "the seal did not wait"
    may_commit.set()
    writer.join(PATIENCE)
    sealer.join(PATIENCE)
    assert answers == [Job.objects.get(kind="slow").pk]


def test_without_the_lock_the_row_being_written_is_missed() -> None:
    """The twin that shows the race: a plain maximum does not see the row whose lower id is already drawn."""
    drawn, may_commit = threading.Event(), threading.Event()
    writer = threading.Thread(target=write_slowly, args=(drawn, may_commit))
    writer.start()
    assert drawn.wait(PATIENCE)
    later = Job.objects.create(kind="fast", subject_id="2").pk
    seen = set(Job.objects.filter(pk__lte=later).values_list("pk", flat=True))
    may_commit.set()
    writer.join(PATIENCE)
    assert Job.objects.get(kind="slow").pk < later
    assert Job.objects.get(kind="slow").pk not in seen
