"""The pages of long works: who follows which, how it ends, its files, starting it again."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from poincon.kernel.jobs import SILENCE, open_job
from poincon.kernel.models import Job, JobState
from poincon.organisations.enums import Role
from poincon.organisations.models import User
from poincon.passes.models import Batch
from poincon.passes.tasks import PRINT_BATCH, batch_folder
from poincon.www.base.jobs import KINDS, JobView, declare_job_kind
from tests.factories import Scheme, make_membership, make_scheme, make_user
from tests.www.making import make_booklet
from tests.www.reading import as_shown

pytestmark = pytest.mark.django_db
Enter = Callable[[User], Client]


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme()


@pytest.fixture
def batch(scheme: Scheme) -> Batch:
    return make_booklet(scheme.programme).batch


def person(scheme: Scheme, role: Role) -> User:
    user = scheme.actor(role).user
    assert user is not None
    return user


def printing(batch: Batch, asked_by: User | None = None, **fields: object) -> Job:
    asker = asked_by.pk if asked_by else None
    job = open_job(PRINT_BATCH, batch.pk, asked_by_id=asker, organisation_id=batch.programme.owner_id)
    Job.objects.filter(pk=job.pk).update(**fields)
    job.refresh_from_db()
    return job


def test_a_person_follows_what_she_asked_for(scheme: Scheme, batch: Batch, as_user: Enter) -> None:
    coordinator = person(scheme, Role.COORDINATOR)
    job = printing(batch, coordinator, state=JobState.RUNNING, done=1200, total=10_000, moved_at=timezone.now())
    client = as_user(coordinator)
    page = client.get(f"/travaux/{job.pk}/").content.decode()
    assert as_shown("<strong>1\u202f200</strong> sur 10\u202f000, soit 12 %") in page
    assert "Imprimer un lot de chéquiers" in client.get("/travaux/").content.decode()


def test_a_colleague_who_holds_the_right_follows_it_too(scheme: Scheme, batch: Batch, as_proved_user: Enter) -> None:
    job = printing(batch, person(scheme, Role.FUNDER))
    colleague = make_membership(Role.FUNDER, scheme.funder).user
    assert as_proved_user(colleague).get(f"/travaux/{job.pk}/").status_code == 200


def test_a_colleague_without_the_right_does_not(scheme: Scheme, batch: Batch, as_user: Enter) -> None:
    """Printed booklets are worth money: an observer of the same organisation must not fetch them."""
    job = printing(batch)
    observer = make_membership(Role.OBSERVER, scheme.funder).user
    assert as_user(observer).get(f"/travaux/{job.pk}/").status_code == 404


def test_a_stranger_does_not(batch: Batch, as_user: Enter) -> None:
    job = printing(batch)
    client = as_user(make_user())
    assert client.get(f"/travaux/{job.pk}/").status_code == 404
    assert client.post(f"/travaux/{job.pk}/relancer/").status_code == 404
    assert client.get(f"/travaux/{job.pk}/carnets.pdf").status_code == 404


def test_a_role_for_one_programme_does_not_follow_the_works_of_the_whole_organisation(
    scheme: Scheme, batch: Batch, as_proved_user: Enter
) -> None:
    job = printing(batch)
    named = make_membership(Role.FUNDER, scheme.funder, programme=scheme.programme).user
    assert as_proved_user(named).get(f"/travaux/{job.pk}/").status_code == 404


def test_the_files_of_a_work_are_sent_to_whoever_follows_it(
    scheme: Scheme, batch: Batch, as_proved_user: Enter
) -> None:
    job = printing(batch, state=JobState.DONE, result={"files": ["carnets.pdf", "perdu.pdf"]})
    folder = batch_folder(batch)
    folder.mkdir(parents=True, exist_ok=True)
    Path(folder / "carnets.pdf").write_bytes(b"%PDF")
    client = as_proved_user(person(scheme, Role.FUNDER))
    page = client.get(f"/travaux/{job.pk}/").content.decode()
    assert "carnets.pdf" in page
    assert "perdu.pdf" not in page
    answer = client.get(f"/travaux/{job.pk}/carnets.pdf")
    assert answer.getvalue() == b"%PDF"
    answer.close()


@pytest.mark.parametrize("name", ["perdu.pdf", "..", "%2e%2e%2fpoincon.sqlite3", "carnets.pdf%00"])
def test_no_other_file_is_sent(name: str, scheme: Scheme, batch: Batch, as_proved_user: Enter) -> None:
    job = printing(batch, state=JobState.DONE, result={"files": ["carnets.pdf"]})
    client = as_proved_user(person(scheme, Role.FUNDER))
    assert client.get(f"/travaux/{job.pk}/{name}").status_code == 404


def test_a_work_that_failed_says_why_and_starts_again(scheme: Scheme, batch: Batch, as_proved_user: Enter) -> None:
    failed = printing(batch, state=JobState.FAILED, error="Il manque une clé de signature.")
    client = as_proved_user(person(scheme, Role.FUNDER))
    page = client.get(f"/travaux/{failed.pk}/").content.decode()
    assert "Il manque une clé de signature." in page
    answer = client.post(f"/travaux/{failed.pk}/relancer/")
    again = Job.objects.exclude(pk=failed.pk).get()
    assert answer["Location"] == f"/travaux/{again.pk}/"
    assert again.subject_id == str(batch.pk)


def test_a_work_that_runs_is_not_started_twice(scheme: Scheme, batch: Batch, as_proved_user: Enter) -> None:
    running = printing(batch, state=JobState.RUNNING, moved_at=timezone.now())
    as_proved_user(person(scheme, Role.FUNDER)).post(f"/travaux/{running.pk}/relancer/")
    assert Job.objects.count() == 1


def test_a_work_cut_short_says_so(batch: Batch) -> None:
    silent = printing(batch, state=JobState.RUNNING, moved_at=timezone.now() - SILENCE - timedelta(minutes=1))
    view = JobView(silent)
    assert view.is_over
    assert view.can_retry
    assert str(view.state) == "interrompu"


def test_a_page_that_asks_for_the_progress_alone_gets_it(scheme: Scheme, batch: Batch, as_proved_user: Enter) -> None:
    job = printing(batch)
    client = as_proved_user(person(scheme, Role.FUNDER))
    piece = client.get(f"/travaux/{job.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in piece
    assert 'hx-trigger="every 2s"' in piece


def test_a_work_that_is_over_asks_nothing_more(scheme: Scheme, batch: Batch, as_proved_user: Enter) -> None:
    errors = [{"row": 3, "field": "Nom", "sentence": "Le nom manque."}]
    job = printing(batch, state=JobState.DONE, result={"sentence": "2 lignes importées.", "errors": errors})
    page = as_proved_user(person(scheme, Role.FUNDER)).get(f"/travaux/{job.pk}/").content.decode()
    assert "hx-trigger" not in page
    assert "2 lignes importées." in page
    assert "Le nom manque." in page


def test_a_work_of_an_unknown_kind_is_still_shown(scheme: Scheme, as_user: Enter) -> None:
    coordinator = person(scheme, Role.COORDINATOR)
    job = open_job("ancien", 1, asked_by_id=coordinator.pk)
    assert as_user(coordinator).get(f"/travaux/{job.pk}/").status_code == 200


def test_a_kind_is_declared_once() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        declare_job_kind(KINDS[PRINT_BATCH])
