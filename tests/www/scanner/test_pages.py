"""The page of the scanner, its worker and its manifest: the same for everybody, and known by their digests."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from poincon.www.scanner.files import FOLDERS, STATIC, address_of, scanner_files

PAGE, WORKER, MANIFEST = "/scanner/", "/scanner/service-worker.js", "/scanner/manifest.webmanifest"


def listed(client: Client) -> dict[str, str]:
    """Each file that the worker keeps, with its digest."""
    text = client.get(WORKER).content.decode()
    found = re.search(r"new Map\((\[.*?\])\);", text, re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


def version(client: Client) -> str:
    found = re.search(r'VERSION = "(\w+)"', client.get(WORKER).content.decode())
    assert found
    return found[1]


def digest(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


@pytest.mark.parametrize("address", [PAGE, WORKER, MANIFEST])
def test_it_opens_without_session_nor_database(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-cache"
    assert not response.cookies


@pytest.mark.parametrize("address", [PAGE, WORKER])
def test_its_policy_lets_a_decoder_be_compiled_and_nothing_more(client: Client, address: str) -> None:
    policy = dict(part.split(" ", 1) for part in client.get(address).headers["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert policy["worker-src"] == policy["default-src"] == "'self'"
    assert "unsafe-inline" not in str(policy)
    assert "'unsafe-eval'" not in str(policy)


def test_the_worker_announces_the_page_as_it_is_served(client: Client) -> None:
    assert listed(client)[PAGE] == digest(client.get(PAGE).content)


@pytest.mark.parametrize("name", ["poincon/scanner/engine.js", "vendor/noble-ed25519/index.js", "poincon/tokens.css"])
def test_the_worker_announces_its_files_as_they_are(client: Client, name: str) -> None:
    found = finders.find(name)
    assert found is not None
    assert listed(client)[address_of(name)] == digest(Path(found).read_bytes())


def test_the_worker_keeps_every_file_of_the_scanner(client: Client) -> None:
    files = [path for folder in FOLDERS for path in (STATIC / folder).rglob("*") if path.is_file()]
    ours = {address_of(str(path.relative_to(STATIC))) for path in files if path.name != "LICENSE"}
    assert ours
    assert ours <= set(listed(client))


def test_the_worker_keeps_all_that_the_page_and_its_modules_name(client: Client) -> None:
    kept = set(listed(client))
    named = set(re.findall(rf'(?:href|src)="({settings.STATIC_URL}[^"]+)"', client.get(PAGE).content.decode()))
    for path in (STATIC / "poincon/scanner").rglob("*.js"):
        for relative in re.findall(r'(?:from |import\(|import )"(\.[^"]+)"', path.read_text(encoding="utf-8")):
            named.add(address_of(str((path.parent / relative).resolve().relative_to(STATIC.resolve()))))
    assert named - kept == set()


def test_a_file_that_changes_is_a_new_version(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    before = version(client)
    assert version(client) == before
    monkeypatch.setattr(settings, "SITE_NAME", "Pass de la Creuse")
    assert version(client) != before


def test_another_language_is_another_version(client: Client) -> None:
    before = version(client)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert version(client) != before
    assert listed(client)[PAGE] == digest(client.get(PAGE).content)


def test_files_are_named_once() -> None:
    addresses = [file.address for file in scanner_files()]
    assert len(addresses) == len(set(addresses))


def test_the_manifest_can_be_installed(client: Client) -> None:
    told = client.get(MANIFEST).json()
    assert (told["start_url"], told["scope"], told["display"]) == (PAGE, PAGE, "standalone")
    sizes = {icon["sizes"] for icon in told["icons"]}
    assert {"192x192", "512x512"} <= sizes
    for icon in told["icons"]:
        assert icon["src"] in listed(client)
