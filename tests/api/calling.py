"""Call the API as a device does."""

import json
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID

from django.test import Client

from tests.factories import NOW
from tests.lives import TOKEN, Life

ROOT = "/api/v1"
#: Where a request carries no body, it carries no type either.
JSON = "application/json"
_numbers = count(1)


@dataclass
class Caller:
    """A device: what it holds, and how it asks."""

    client: Client
    life: Life
    token: str = TOKEN

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(ROOT + path, headers={"Authorization": f"Bearer {self.token}", **headers})

    def post(self, path: str, body: object = None, *, kind: str = JSON) -> Any:
        """Post ``body``: as it is when it is bytes, as JSON otherwise."""
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.client.generic("POST", ROOT + path, data, kind, headers=headers)

    def delete(self, path: str) -> Any:
        return self.client.delete(ROOT + path, headers={"Authorization": f"Bearer {self.token}"})

    def item(self, presented: str | None = None, **changes: Any) -> dict[str, Any]:
        """A good scan, but for ``changes``; a field changed to ``...`` is left out."""
        item = {
            "id": str(UUID(int=next(_numbers))),
            "code": presented or self.life.number(),
            "venue": self.life.scheme.venue.pk,
            "service": self.life.scheme.service.code,
            "occurred_at": NOW.isoformat(),
        } | changes
        return {name: value for name, value in item.items() if value is not ...}

    def scan(self, *items: object) -> list[dict[str, Any]]:
        """The verdicts of these scans, sent in one request."""
        response = self.post("/scans", {"scans": items})
        assert response.status_code == 200, response.content
        results: list[dict[str, Any]] = response.json()["results"]
        return results

    def reasons(self, *items: object) -> list[str | None]:
        return [verdict["reason"] for verdict in self.scan(*items)]


def problem(response: Any) -> tuple[int, str]:
    """The status and the code of an error, which must be a problem in French."""
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Content-Language"] == "fr"
    document = response.json()
    assert document["status"] == response.status_code
    assert document["type"] == f"urn:poincon:problem:{document['code']}"
    assert document["title"]
    assert document["detail"]
    return response.status_code, document["code"]
