"""A device that is heard, and one that ends itself."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from poincon.api import devices
from poincon.api.devices import Contacts
from poincon.kernel.models import AuditEntry
from poincon.organisations.models import Device
from poincon.passes.models import Scan
from tests.api.calling import Caller, problem
from tests.factories import NOW

At = Callable[[datetime], None]
MINUTE = timedelta(minutes=1)


def device(caller: Caller) -> Device:
    return Device.objects.get(operator=caller.life.scheme.operator)


def test_a_device_that_ends_is_refused_from_then_on(caller: Caller, at: At) -> None:
    at(NOW)
    answer = caller.delete("/scanner/device")
    ended = device(caller)
    assert (answer.status_code, answer.json()["id"], answer.json()["label"]) == (200, ended.pk, ended.label)
    assert (ended.revoked_at, ended.revoked_by) == (NOW, ended.enrolled_by)
    assert problem(caller.get("/scanner/state")) == (401, "unauthenticated")


def test_ending_twice_changes_nothing(caller: Caller, at: At) -> None:
    at(NOW)
    caller.delete("/scanner/device")
    at(NOW + MINUTE)
    assert problem(caller.delete("/scanner/device")) == (401, "unauthenticated")
    assert device(caller).revoked_at == NOW
    assert AuditEntry.objects.filter(action="organisations.end_device").count() == 1


def test_the_journal_says_that_the_device_ended_itself(caller: Caller) -> None:
    caller.delete("/scanner/device")
    entry = AuditEntry.objects.get(action="organisations.end_device")
    assert entry.author == device(caller).enrolled_by
    assert entry.source == "device"


def test_what_was_punched_before_stays(caller: Caller) -> None:
    (accepted,) = caller.scan(caller.item())
    caller.delete("/scanner/device")
    assert accepted["outcome"] == "accepted"
    assert Scan.objects.get(device=device(caller)).accepted


def test_the_last_contact_is_kept_to_a_quarter_of_an_hour(caller: Caller, at: At) -> None:
    kept = []
    for minutes in (0, 14, 15, 16):
        at(NOW + minutes * MINUTE)
        caller.get("/scanner/state")
        kept.append(device(caller).last_contact_at)
    assert kept == [NOW, NOW, NOW + 15 * MINUTE, NOW + 15 * MINUTE]


def test_another_process_writes_it_no_sooner(caller: Caller, at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    at(NOW)
    caller.get("/scanner/state")
    at(NOW + MINUTE)
    monkeypatch.setattr(devices, "contacts", Contacts())
    caller.get("/scanner/state")
    assert device(caller).last_contact_at == NOW


def test_a_scan_writes_no_contact(caller: Caller) -> None:
    caller.scan(caller.item())
    assert device(caller).last_contact_at is None


def test_only_so_many_devices_are_remembered() -> None:
    contacts = Contacts(remembered=2)
    assert [contacts.is_due(number, NOW) for number in (1, 2, 3, 3, 2, 1)] == [True, True, True, False, False, True]


def test_a_clock_put_back_silences_no_device() -> None:
    contacts = Contacts()
    assert contacts.is_due(1, NOW)
    assert contacts.is_due(1, NOW - timedelta(days=1))
