import pytest
from django.db import OperationalError, connection
from django.test import Client


@pytest.mark.django_db
def test_a_working_site_is_healthy(client: Client) -> None:
    response = client.get("/sante")
    assert response.status_code == 200
    assert response.content == b"ok\n"


@pytest.mark.django_db
def test_a_site_without_its_database_is_not(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", refuse)
    assert client.get("/sante").status_code == 503
