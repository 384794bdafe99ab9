"""Every operation, called with all that its description allows and much that it forbids: no error of the server ever,
and answers that conform to the description."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from poincon.api import devices
from poincon.api.devices import Limiter
from poincon.config.wsgi import application
from tests.api.calling import Caller

# The same examples each time, so that a failure is that of the change at hand; the fixtures are meant to be shared.
thorough = settings(
    max_examples=50, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
# A wrong scan is not a wrong request: it gets its verdict like the others. And most numbers are no booklet's.
JUDGED_BY_THE_DOMAIN: list[Any] = [negative_data_rejection, positive_data_acceptance]
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture(autouse=True)
def _the_transaction_of_the_test_outlives_a_request() -> Iterator[None]:
    # As Django's own test client does.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def headers(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Those of a device that may call as often as it likes."""
    monkeypatch.setattr(devices, "limiter", Limiter(10**9))
    return {"Authorization": f"Bearer {caller.token}", "Accept-Encoding": "identity"}


@schema.parametrize()
@thorough
def test_every_answer_conforms_to_the_description(case: Case[Any], headers: dict[str, str]) -> None:
    case.call_and_validate(headers=headers, excluded_checks=JUDGED_BY_THE_DOMAIN)


@schema.include(operation_id="post_scans").parametrize()
@thorough
def test_scans_that_are_half_right_are_answered_too(case: Case[Any], caller: Caller, headers: dict[str, str]) -> None:
    for scan, facts in zip(scans_of(case.body), cycle(right_facts(caller)), strict=False):
        scan.update(facts)
    case.call_and_validate(headers=headers, excluded_checks=JUDGED_BY_THE_DOMAIN)


def right_facts(caller: Caller) -> list[dict[str, Any]]:
    """Parts of good scans, that leave the rest to chance."""
    good = caller.item()
    return [
        {"code": caller.life.code(position=2)},
        {"code": good["code"], "venue": good["venue"], "service": good["service"]},
        {name: value for name, value in good.items() if name != "passes"},
        {"venue": good["venue"], "occurred_at": good["occurred_at"]},
        {},
    ]


def scans_of(body: Any) -> list[dict[str, Any]]:
    scans = body.get("scans") if isinstance(body, dict) else None
    return [scan for scan in scans if isinstance(scan, dict)] if isinstance(scans, list) else []
