"""What was copied from elsewhere is exactly what its manifest says; the first page stays light."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

import poincon.www

STATIC = Path(poincon.www.__file__).parent / "base" / "static"
FOLDERS = [STATIC / "vendor", Path(__file__).parent.parent / "browser" / "vendor"]
FIRST_LOAD_BYTES = 150_000


@pytest.mark.parametrize("folder", FOLDERS, ids=["www", "browser"])
def test_every_vendored_file_is_the_one_of_its_manifest(folder: Path) -> None:
    listed = {
        name: digest
        for library in json.loads((folder / "manifest.json").read_text())
        for name, digest in library["files"].items()
    }
    present = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert present == listed


@pytest.mark.parametrize("folder", FOLDERS, ids=["www", "browser"])
def test_every_vendored_library_names_its_version_and_keeps_its_licence(folder: Path) -> None:
    for library in json.loads((folder / "manifest.json").read_text()):
        assert library["version"]
        assert library["licence"]
        assert any("LICENSE" in name for name in library["files"])


def test_our_style_sheets_and_scripts_load_nothing_from_elsewhere() -> None:
    ours = [path for path in (STATIC / "poincon").rglob("*") if path.suffix in {".css", ".js", ".svg"}]
    assert ours
    for path in ours:
        addresses = set(re.findall(r"https?://[^\s\"')]+", path.read_text())) - {"http://www.w3.org/2000/svg"}
        assert not addresses, f"{path.name}: {addresses}"


def loaded_first(page: str) -> set[str]:
    """The static files a browser fetches for this page: those it names, and the two weights of the font."""
    named = set(re.findall(r'(?:href|src)="/static/([^"]+)"', page))
    return named | {
        f"vendor/atkinson-hyperlegible/atkinson-hyperlegible-latin-{weight}-normal.woff2" for weight in (400, 700)
    }


def compressed_size(name: str) -> int:
    found = finders.find(name)
    assert found is not None, name
    content = Path(found).read_bytes()
    return len(content) if name.endswith(".woff2") else len(gzip.compress(content))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/mon-chequier/", "/connexion/"])
def test_the_first_load_fits_a_slow_telephone(client: Client, path: str) -> None:
    content = client.get(path).content
    total = len(gzip.compress(content)) + sum(compressed_size(name) for name in loaded_first(content.decode()))
    assert total <= FIRST_LOAD_BYTES


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/mon-chequier/", "/connexion/", "/nulle-part"])
def test_no_page_holds_a_style_or_a_script_of_its_own(client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert not re.search(r"<script(?![^>]*(src=|type=\"application/json\"))", page)
