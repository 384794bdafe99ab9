"""Two prescribers receive the same person at the same second: one file is opened, the others are told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from poincon.beneficiaries import queries, services
from poincon.beneficiaries.models import CaseFile
from poincon.kernel.refusals import Refusal
from poincon.programmes.enums import IdentityLevel
from tests.factories import NOW, SYSTEM, Scheme, make_commune, make_scheme
from tests.races.together import PATIENCE

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

PEOPLE = 6


@pytest.fixture
def scheme() -> Scheme:
    make_commune()
    return make_scheme(identity_level=IdentityLevel.IDENTIFIED)


def all_at_once(scheme: Scheme) -> list[str]:
    commune, start = make_commune(), Barrier(PEOPLE)

    def attempt(_: int) -> str:
        try:
            start.wait()
            services.open_case(
                by=SYSTEM,
                programme=scheme.programme,
                prescriber=scheme.prescriber,
                commune=commune,
                public=scheme.public,
                first_name="Marie",
                last_name="Le Goff",
                birth_date=date(1957, 5, 8),
                phone="0612345678",
                now=NOW,
            )
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()
        return "opened"

    with ThreadPoolExecutor(PEOPLE) as pool:
        return sorted(pool.map(attempt, range(PEOPLE)))


def test_the_same_person_gets_one_file(scheme: Scheme) -> None:
    assert all_at_once(scheme) == ["beneficiaries.already_open"] * (PEOPLE - 1) + ["opened"]
    assert CaseFile.objects.count() == 1


def test_without_waiting_for_its_turn_each_one_opens_a_file(scheme: Scheme, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = Barrier(PEOPLE)
    look: Callable[..., Any] = queries.same_person

    def look_then_pause(*args: Any, **options: Any) -> Any:
        found = look(*args, **options)
        looked.wait(timeout=PATIENCE)
        return found

    monkeypatch.setattr(services, "wait_for_turn", lambda _: None)
    monkeypatch.setattr(services, "same_person", look_then_pause)
    assert all_at_once(scheme) == ["opened"] * PEOPLE
    assert CaseFile.objects.count() == PEOPLE
