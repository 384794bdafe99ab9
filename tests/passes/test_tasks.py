"""Printing in the background, by a worker."""

from pathlib import Path
from typing import Any

import pytest

from poincon.kernel.models import Job, JobState
from poincon.organisations.enums import Role
from poincon.passes import keys
from poincon.passes.enums import Custody
from poincon.passes.models import Booklet
from poincon.passes.services.order import order_batch
from poincon.passes.services.printing import approve_proof
from poincon.passes.tasks import ask_printing
from tests.factories import SYSTEM, make_scheme

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _documents_apart(settings: Any, tmp_path: Path) -> None:
    settings.DOCUMENTS_DIR = tmp_path


def test_a_batch_is_printed_for_the_person_who_asked(tmp_path: Path) -> None:
    scheme = make_scheme(phone="05 55 00 00 00", referent="Anne Petit")
    keys.rotate(by=SYSTEM)
    batch = order_batch(by=SYSTEM, programme=scheme.programme, quantity=2, size=5)
    approve_proof(by=SYSTEM, batch=batch)
    ask_printing(by=scheme.actor(Role.COORDINATOR), batch=batch)
    job = Job.objects.get()
    assert (job.state, job.done, job.total) == (JobState.DONE, 2, 2)
    printed = {path.name for path in tmp_path.rglob("*.pdf")}
    assert set(job.result["files"]) == printed
    assert set(Booklet.objects.values_list("custody", flat=True)) == {Custody.STOCK}


def test_a_printing_that_is_refused_says_why() -> None:
    scheme = make_scheme()
    keys.rotate(by=SYSTEM)
    batch = order_batch(by=SYSTEM, programme=scheme.programme, quantity=2, size=5)
    ask_printing(by=SYSTEM, batch=batch)
    job = Job.objects.get()
    assert job.state == JobState.FAILED
    assert "bon à tirer" in job.error
