"""The files that the scanner is made of: what a phone keeps to open without a network, and how it knows them.

The scanner's modules name one another: their addresses carry no digest, unlike those of the other pages. The worker
keeps each file under the digest it was announced with, so that no two versions are ever mixed, and no page of a hotel's
network is ever taken for one of them.
"""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

STATIC = Path(str(settings.STATICFILES_DIRS[0]))
#: Whole folders, then single files that other pages use too.
FOLDERS = ("poincon/scanner",)
SHARED = (
    "poincon/tokens.css",
    "poincon/mark.svg",
    "vendor/atkinson-hyperlegible/atkinson-hyperlegible-latin-400-normal.woff2",
    "vendor/atkinson-hyperlegible/atkinson-hyperlegible-latin-700-normal.woff2",
    "vendor/noble-ed25519/index.js",
    "vendor/zxing-wasm/zxing_reader.js",
    "vendor/zxing-wasm/zxing_reader.wasm",
)


@dataclass(frozen=True)
class ScannerFile:
    """One file of the scanner: its address, and the SHA-256 of its content in base 64."""

    address: str
    digest: str


def address_of(name: str) -> str:
    """Where a file of the scanner is served, always under its own name."""
    return f"{settings.STATIC_URL}{name}"


def digest_of(content: bytes) -> str:
    """The SHA-256 of a content in base 64, as the worker computes it."""
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def scanner_files() -> list[ScannerFile]:
    """Every file of the scanner but its page. Read once, except where files change while the site runs."""
    return list(_read_once()) if settings.PRODUCTION else list(_read())


@cache
def _read_once() -> tuple[ScannerFile, ...]:
    return tuple(_read())


def _read() -> Iterator[ScannerFile]:
    for name in sorted({*SHARED, *_in_folders()}):
        yield ScannerFile(address_of(name), digest_of((STATIC / name).read_bytes()))


def _in_folders() -> Iterator[str]:
    for folder in FOLDERS:
        for path in (STATIC / folder).rglob("*"):
            if path.is_file() and path.name != "LICENSE":
                yield str(path.relative_to(STATIC))
