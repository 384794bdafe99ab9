"""Requests that cannot be read at all: a problem in French, never a page, never an error of the server."""

import gzip
from typing import Any

import pytest
from django.test import Client

from poincon.passes.models import Scan
from tests.api.calling import JSON, Caller, problem

NOT_JSON = [
    b" ",
    b"bonjour",
    b'{"scans": [',
    b'{"scans": [NaN]}',
    b'{"scans": [-Infinity]}',
    b"\xff\xfe\x00",
    b'{"scans": ["\xe9"]}',
    b'{"scans": ' + b"[" * 100_000,
    b'{"scans": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    gzip.compress(b'{"scans": []}'),
]
NO_SCANS = [[], 5, "texte", None, {}, {"scans": None}, {"scans": {}}, {"scans": "x"}, {"scans": []}]

UNKNOWN = ["/", "/rien", "/scans/", "/booklets/", "/scans/x/y/annul", "/%00", "/" + "x" * 5000]
BAD_TOKENS = ["", "Bearer", "Bearer ", "Basic abc", "Bearer \x00", "Bearer é", "Bearer " + "x" * 9999]


@pytest.mark.parametrize("body", NOT_JSON, ids=range(len(NOT_JSON)))
def test_what_is_not_json_is_refused(caller: Caller, body: bytes) -> None:
    assert problem(caller.post("/scans", body)) == (400, "not_json")


@pytest.mark.parametrize("body", NO_SCANS, ids=str)
def test_a_body_without_scans_is_refused(caller: Caller, body: object) -> None:
    response = caller.post("/scans", b"null" if body is None else body)
    assert problem(response) == (422, "invalid_request")
    assert response.json()["faults"] == [{"field": "scans", "fault": "Une liste d’au moins un scan est attendue."}]


def test_a_body_above_the_limit_is_refused(caller: Caller) -> None:
    assert problem(caller.post("/scans", b'{"scans": "' + b"x" * 3_000_000 + b'"}')) == (413, "body_too_large")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_body_that_is_not_announced_as_json_is_refused(caller: Caller, kind: str) -> None:
    assert problem(caller.post("/scans", {"scans": [caller.item()]}, kind=kind)) == (415, "unsupported_media_type")
    assert not Scan.objects.exists()


def test_json_may_say_its_encoding(caller: Caller) -> None:
    assert caller.post("/scans", {"scans": [caller.item()]}, kind=f"{JSON}; charset=utf-8").status_code == 200


@pytest.mark.parametrize("path", UNKNOWN)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_address_is_a_problem(caller: Caller, path: str, method: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert problem(strict.generic(method, "/api/v1" + path, b"{}", JSON)) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/scans", "POST"),
        ("DELETE", "/scans", "POST"),
        ("PUT", "/booklets/1", "GET"),
        ("POST", "/scanner/state", "GET"),
        ("GET", "/scans/x/annul", "POST"),
        ("POST", "/openapi.json", "GET, HEAD"),
    ],
)
def test_another_method_is_a_problem_that_names_the_right_one(
    caller: Caller, method: str, path: str, allowed: str
) -> None:
    response = caller.client.generic(method, "/api/v1" + path)
    assert problem(response) == (405, "method_not_allowed")
    assert response.headers["Allow"] == allowed


@pytest.mark.parametrize("header", BAD_TOKENS)
def test_a_bad_token_is_a_problem(caller: Caller, header: str) -> None:
    response = caller.client.get("/api/v1/scanner/state", headers={"Authorization": header})
    assert problem(response) == (401, "unauthenticated")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_crash_is_a_problem(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("poincon.api.scans.redeem", crash)
    calm = Caller(Client(raise_request_exception=False), caller.life)
    response = calm.post("/scans", {"scans": [calm.item()]})
    assert (response.status_code, response.json()["code"]) == (500, "server_error")
    assert response.headers["Content-Type"] == "application/problem+json"


def test_a_host_that_is_not_ours_is_a_problem(caller: Caller) -> None:
    response = caller.client.get("/api/v1/scanner/state", headers={"Host": "ailleurs.exemple"})
    assert (response.status_code, response.json()["code"]) == (400, "bad_request")
    assert response.headers["Content-Type"] == "application/problem+json"
