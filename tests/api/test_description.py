"""The OpenAPI description says all that the API takes and answers."""

from typing import Any

import pytest
from django.test import Client

from poincon.api.problems import STATUS
from tests.api.calling import ROOT

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


@pytest.fixture
def description(client: Client) -> dict[str, Any]:
    answer: dict[str, Any] = client.get(f"{ROOT}/openapi.json").json()
    return answer


def operations(description: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in description["paths"].values() for operation in path.values()]


def references(part: object) -> set[str]:
    if isinstance(part, dict):
        found = {part["$ref"]} if "$ref" in part else set()
        return found.union(*(references(value) for value in part.values()))
    return set().union(*(references(value) for value in part)) if isinstance(part, list) else set()


def test_it_names_every_operation(description: dict[str, Any]) -> None:
    assert {operation["operationId"] for operation in operations(description)} == {
        *("post_scans", "post_annul", "get_booklet", "get_state", "delete_device")
    }


def test_every_reference_leads_somewhere(description: dict[str, Any]) -> None:
    schemas = description["components"]["schemas"]
    # And nothing is described that no operation takes or gives.
    assert references(description) == {f"#/components/schemas/{name}" for name in schemas}


def test_the_scans_are_described_field_by_field(description: dict[str, Any]) -> None:
    body = description["paths"]["/api/v1/scans"]["post"]["requestBody"]
    assert body["required"]
    assert body["content"] == {"application/json": {"schema": {"$ref": "#/components/schemas/ScanBatch"}}}
    scans = description["components"]["schemas"]["ScanBatch"]["properties"]["scans"]
    assert (scans["minItems"], scans["maxItems"], scans["items"]) == (
        1,
        1000,
        {"$ref": "#/components/schemas/ScanItem"},
    )
    item = description["components"]["schemas"]["ScanItem"]
    assert set(item["required"]) == {"id", "code", "venue", "service", "occurred_at"}
    assert all("description" in field for field in item["properties"].values())


def test_every_operation_asks_for_the_token_of_a_device(description: dict[str, Any]) -> None:
    scheme = description["components"]["securitySchemes"]["DeviceToken"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert all(operation["security"] == [{"DeviceToken": []}] for operation in operations(description))


def test_every_error_is_a_problem_that_names_its_codes(description: dict[str, Any]) -> None:
    for operation in operations(description):
        errors = {status: answer for status, answer in operation["responses"].items() if int(status) >= 400}
        assert {"400", "401", "429", "500"} <= set(errors)
        for status, answer in errors.items():
            assert answer["content"] == PROBLEM
            codes = [code.strip("`") for code in answer["description"].split(", ")]
            assert {int(STATUS[code]) for code in codes} == {int(status)}


def test_the_headers_are_described(description: dict[str, Any]) -> None:
    answers = description["paths"]["/api/v1/scanner/state"]["get"]["responses"]
    assert {status: list(answers[status]["headers"]) for status in ("200", "304", "401", "429")} == {
        "200": ["ETag"],
        "304": ["ETag"],
        "401": ["WWW-Authenticate"],
        "429": ["Retry-After"],
    }
    parameters = description["paths"]["/api/v1/scanner/state"]["get"]["parameters"]
    assert {(parameter["in"], parameter["name"]) for parameter in parameters} == {
        ("query", "since"),
        ("header", "If-None-Match"),
    }


def test_the_documentation_is_in_french_and_loads_nothing_from_elsewhere(client: Client) -> None:
    page = client.get(f"{ROOT}/docs").content.decode()
    assert '<html lang="fr"' in page
    assert "//" not in page.replace("<!--", "")
