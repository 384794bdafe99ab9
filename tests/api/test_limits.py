"""No device asks more often than a device needs to."""

import pytest

from poincon.api import devices
from poincon.api.devices import Limiter
from tests.api.calling import Caller, problem


def test_as_many_requests_as_the_limit_pass_at_once() -> None:
    limiter = Limiter(5)
    assert [limiter.wait(1, now=0.0) for _ in range(6)] == [0, 0, 0, 0, 0, 12]


def test_the_bucket_leaks_with_time() -> None:
    limiter = Limiter(60)
    for _ in range(60):
        limiter.wait(1, now=0.0)
    assert [limiter.wait(1, now=now) for now in (0.5, 1.0, 1.0, 2.0)] == [1, 0, 1, 0]


def test_waiting_as_long_as_told_is_enough() -> None:
    limiter = Limiter(7)
    waits = [limiter.wait(1, now=0.3) for _ in range(8)]
    assert limiter.wait(1, now=0.3 + waits[-1]) == 0


def test_a_device_that_insists_is_not_punished_for_ever() -> None:
    limiter = Limiter(60)
    for _ in range(600):
        limiter.wait(1, now=0.0)
    assert limiter.wait(1, now=1.0) == 0


def test_a_quiet_device_keeps_no_more_than_the_limit() -> None:
    limiter = Limiter(5)
    limiter.wait(1, now=0.0)
    assert [limiter.wait(1, now=9_999.0) for _ in range(6)][-1] == 12


def test_each_device_has_its_own_limit() -> None:
    limiter = Limiter(1)
    assert [limiter.wait(device, now=0.0) for device in (1, 2, 1)] == [0, 0, 60]


def test_the_devices_that_were_quiet_longest_are_forgotten() -> None:
    limiter = Limiter(1, remembered=2)
    for device in (1, 2, 3):
        limiter.wait(device, now=0.0)
    assert [limiter.wait(device, now=0.0) for device in (3, 1)] == [60, 0]


@pytest.fixture
def _at_one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow machine must not leave a bucket the time to leak."""
    monkeypatch.setattr(devices, "monotonic", lambda: 1_000.0)


@pytest.mark.usefixtures("_at_one_moment")
def test_a_request_too_many_is_told_when_to_come_back(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "limiter", Limiter(2))
    paths = ["/scanner/state", "/booklets/zz", "/scanner/state"]
    assert [caller.get(path).status_code for path in paths] == [200, 422, 429]
    refused = caller.get("/scanner/state")
    assert problem(refused) == (429, "too_many_requests")
    assert refused.headers["Retry-After"] == "30"
    assert "30 s" in refused.json()["next_step"]


@pytest.mark.usefixtures("_at_one_moment")
def test_another_device_is_still_served(caller: Caller, stranger: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "limiter", Limiter(1))
    caller.get("/scanner/state")
    assert caller.get("/scanner/state").status_code == 429
    assert stranger.get("/scanner/state").status_code == 200
