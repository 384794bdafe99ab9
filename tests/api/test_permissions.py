"""Who may call each operation: every one found in the addresses of the API, by everybody who could try."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from poincon.api.urls import urlpatterns
from poincon.organisations.models import Device, Membership, User
from poincon.organisations.services.devices import revoke_device
from poincon.organisations.services.people import end_role
from tests.api.calling import Caller, problem
from tests.factories import NOW, SYSTEM

#: What anybody may read: the documentation, and that there is nothing at an address.
OPEN = {"openapi-json", "openapi-view", "api-root", None}


@dataclass(frozen=True)
class Operation:
    """One call, about the passes of the right device; what it tells a device of another operator."""

    call: Callable[[Caller, str], Any]
    told_to_a_stranger: Callable[[Any], bool]


def scan(caller: Caller, about: str) -> Any:
    return caller.post("/scans", {"scans": [caller.item(about)]})


def annul(caller: Caller, about: str) -> Any:
    return caller.post(f"/scans/{SCAN}/annul")


def examine(caller: Caller, about: str) -> Any:
    return caller.get(f"/booklets/{about}")


def state(caller: Caller, about: str) -> Any:
    return caller.get("/scanner/state")


def end(caller: Caller, about: str) -> Any:
    return caller.delete("/scanner/device")


SCAN = "0190a6e0-1c5b-7c3e-9d2f-3a5b7c9d1e2f"
OPERATIONS = {
    "post_scans": Operation(scan, lambda answer: answer.json()["results"][0]["reason"] == "operator_not_qualified"),
    "post_annul": Operation(annul, lambda answer: problem(answer) == (404, "scan_unknown")),
    # A person may show a booklet of a programme to any operator: being told where it is good is the point.
    "get_booklet": Operation(examine, lambda answer: answer.json()["usable"] is True),
    # It ends itself, and no other.
    "delete_device": Operation(end, lambda answer: bool(answer.json()["ended_at"]) and _in_service() == 1),
    "get_state": Operation(state, lambda answer: len(answer.json()["venues"]) == 1),
}


def nobody(caller: Caller) -> None:
    caller.token = ""


def a_wrong_token(caller: Caller) -> None:
    caller.token = "poincon_inconnu"


def a_revoked_device(caller: Caller) -> None:
    revoke_device(by=SYSTEM, device=_device(caller), now=NOW)


def a_closed_account(caller: Caller) -> None:
    User.objects.filter(pk=caller.life.scanner.user_id).update(is_active=False)


def a_mediator_who_left(caller: Caller) -> None:
    end_role(by=SYSTEM, membership=Membership.objects.get(user_id=caller.life.scanner.user_id), now=NOW)


def _in_service() -> int:
    return Device.objects.filter(revoked_at=None).count()


def _device(caller: Caller) -> Device:
    return Device.objects.get(operator=caller.life.scheme.operator)


REFUSED = (nobody, a_wrong_token, a_revoked_device, a_closed_account, a_mediator_who_left)
each_operation = pytest.mark.parametrize("name", OPERATIONS)


def test_every_operation_is_in_the_matrix() -> None:
    assert {pattern.name for pattern in urlpatterns} - OPEN == set(OPERATIONS)


def redeemed(caller: Caller) -> Caller:
    caller.scan(caller.item(id=SCAN))
    return caller


@each_operation
def test_the_right_device_is_answered(caller: Caller, name: str) -> None:
    about = redeemed(caller).life.number()
    assert OPERATIONS[name].call(caller, about).status_code == 200


@each_operation
def test_a_device_of_another_operator_is_told_nothing_of_ours(caller: Caller, stranger: Caller, name: str) -> None:
    about = redeemed(caller).life.number()
    answer = OPERATIONS[name].call(stranger, about)
    assert OPERATIONS[name].told_to_a_stranger(answer)
    assert caller.life.scheme.venue.name not in answer.content.decode()


@each_operation
@pytest.mark.parametrize("become", REFUSED, ids=lambda become: become.__name__)
def test_whoever_is_not_recognised_is_refused(caller: Caller, name: str, become: Callable[[Caller], None]) -> None:
    about = redeemed(caller).life.number()
    become(caller)
    assert problem(OPERATIONS[name].call(caller, about)) == (401, "unauthenticated")
