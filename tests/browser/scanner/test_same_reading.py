"""The browser reads codes, numbers, signatures and bitmaps as the server does: the shared vectors, and drawn cases."""

import base64
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from poincon.passes import codes
from poincon.passes.codes import SignedCode, TypedNumber, UnreadableCodeError, WrongCheckCharacterError
from poincon.passes.queries.device_state import _Bits
from poincon.programmes.models.programme import LARGEST_BOOKLET
from tests.browser.scanner.conftest import NO_SCREEN
from tests.vectors import vectors

VECTORS = vectors()
ENGINE = "/static/poincon/scanner/engine"
#: Calls ``name`` of a module of the engine with each of the cases; what is given as hexadecimal becomes bytes.
CALL_ALL = """async ([module, body, cases]) => {
  const engine = await import(module);
  const call = new (Object.getPrototypeOf(async () => {}).constructor)("engine", "given", body);
  return Promise.all(cases.map((given) => call(engine, given)));
}"""
drawn = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))

InBrowser = Callable[[str, str, list[Any]], list[Any]]


@pytest.fixture(scope="module")
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    # The tests run text of their own in the page; the scanner's policy, rightly, would not let them.
    context = browser.new_context(base_url=live_server.url, service_workers="block", bypass_csp=True)
    context.route("**/app.js", lambda route: route.fulfill(body=NO_SCREEN, content_type="text/javascript"))
    page = context.new_page()
    page.goto("/scanner/")
    yield page
    context.close()


@pytest.fixture(scope="module")
def in_browser(page: Page) -> InBrowser:
    """Evaluate a piece of JavaScript about ``engine`` (a module) and ``given``, once for each case."""

    def evaluated(module: str, body: str, cases: list[Any]) -> list[Any]:
        answers: list[Any] = page.evaluate(CALL_ALL, [f"{ENGINE}/{module}.js", body, cases])
        return answers

    return evaluated


PARSED = "const { packed, signature, seen, ...read } = engine.parse(given); return read;"
VERIFIED = """const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => Number.parseInt(pair, 16));
const [key, packed, signature] = given;
const told = [bytes(packed), bytes(signature)];
const by = async (name) => { try { return await engine.verifiers[name](key, ...told); } catch { return false; } };
return [await engine.isAuthentic(key, ...told), await by("byBrowser"), await by("byLibrary")];"""


def read(text: str) -> dict[str, Any]:
    """What our server reads in a text, in the words of the engine."""
    try:
        code = codes.read(text)
    except UnreadableCodeError:
        return {"kind": "unreadable"}
    except WrongCheckCharacterError:
        return {"kind": "mistyped"}
    if isinstance(code, TypedNumber):
        return {"kind": "typed", "number": code.number, "position": code.position}
    told = code.payload
    facts = {"key": told.key, "batch": told.batch_id, "rank": told.rank, "number": told.number}
    return {"kind": "signed", "position": told.position} | facts


def test_the_vectors_of_texts(in_browser: InBrowser) -> None:
    texts = [case["text"] for name in ("signed", "numbers") for case in VECTORS[name]]
    texts += VECTORS["unreadable"] + VECTORS["mistyped"]
    assert in_browser("codes", PARSED, texts) == [read(text) for text in texts]


def test_the_vectors_of_signatures(in_browser: InBrowser) -> None:
    """By the browser itself and by the library that stands in for it on older ones."""
    signed = [(case, codes.read(case["text"])) for case in VECTORS["signed"]]
    cases = [
        [VECTORS["public_key"], code.packed.hex(), code.signature.hex()]
        for _, code in signed
        if isinstance(code, SignedCode)
    ]
    assert in_browser("keys", VERIFIED, cases) == [[case["authentic"]] * 3 for case, _ in signed]


def test_the_vectors_of_check_characters(in_browser: InBrowser) -> None:
    cases = VECTORS["check_characters"]
    answers = in_browser("codes", "return engine.checkCharacter(given);", [case["digits"] for case in cases])
    assert answers == [case["check"] for case in cases]


def test_the_vectors_of_bitmaps(in_browser: InBrowser) -> None:
    body = """const bytes = engine.fromBase64(given.base64);
      return given.used.map((_, index) => engine.usedPositions(bytes, given.size, index + 1));"""
    cases = VECTORS["bitmaps"]
    assert in_browser("bitmap", body, cases) == [case["used"] for case in cases]


def test_the_vectors_of_days(in_browser: InBrowser) -> None:
    days, moments = VECTORS["days"], VECTORS["moments"]
    written = in_browser("sentences", "return engine.writtenDay(given.day);", days)
    assert written == [case["written"] for case in days]
    local = in_browser("clock", "return engine.dayIn(Date.parse(given.moment), given.zone);", moments)
    assert local == [case["day"] for case in moments]


ISSUABLE = st.integers(0, codes.NUMBER_LIMIT - 1).filter(codes.is_issuable)
SPACES = st.sampled_from([" ", "", ".", "\u00a0", "\u202f", "-", "–", " - "])


@st.composite
def typed_texts(draw: st.DrawFn) -> str:
    """A number as people type it, right or not."""
    text = codes.written(draw(ISSUABLE), draw(st.integers(0, LARGEST_BOOKLET)))
    text = text.replace(" ", draw(SPACES))
    if draw(st.booleans()):
        place = draw(st.integers(0, len(text) - 1))
        text = text[:place] + draw(st.sampled_from("0123456789ABQZoilé-. /")) + text[place + 1 :]
    return draw(st.sampled_from([str.upper, str.lower]))(text)


@given(st.lists(st.one_of(typed_texts(), st.text(max_size=30)), min_size=20, max_size=60))
@drawn
def test_what_is_typed_is_read_alike(in_browser: InBrowser, texts: list[str]) -> None:
    printable = [text.encode("utf-8", "ignore").decode() for text in texts]
    assert in_browser("codes", PARSED, printable) == [read(text) for text in printable]


PAYLOADS = st.builds(
    codes.Payload,
    key=st.binary(min_size=4, max_size=4).map(bytes.hex),
    batch_id=st.integers(0, 2**24 - 1),
    rank=st.integers(0, 2**24 - 1),
    number=st.integers(0, 2**40 - 1),
    position=st.integers(0, 63),
)


@given(st.lists(st.tuples(PAYLOADS, st.binary(min_size=64, max_size=64)), min_size=10, max_size=30))
@drawn
def test_what_is_scanned_is_read_alike(in_browser: InBrowser, printed: list[tuple[codes.Payload, bytes]]) -> None:
    texts = [codes.code_url("https://pass.exemple.fr", told.packed() + signature) for told, signature in printed]
    assert in_browser("codes", PARSED, texts) == [read(text) for text in texts]


@given(st.lists(st.tuples(st.binary(min_size=32, max_size=32), st.binary(min_size=16, max_size=16), st.booleans())))
@settings(drawn, max_examples=10)
def test_what_is_signed_is_verified_alike(in_browser: InBrowser, signed: list[tuple[bytes, bytes, bool]]) -> None:
    cases, expected = [], []
    for seed, packed, honest in signed:
        key = Ed25519PrivateKey.from_private_bytes(seed)
        signature = key.sign(packed if honest else packed[::-1] + b"!")
        cases.append([key.public_key().public_bytes_raw().hex(), packed.hex(), signature.hex()])
        expected.append([honest] * 3)
    assert in_browser("keys", VERIFIED, cases) == expected


@st.composite
def histories(draw: st.DrawFn) -> dict[str, Any]:
    """A batch, its bitmap, then booklets that change: what a device is told, and what it must know."""
    size, quantity = draw(st.integers(1, LARGEST_BOOKLET)), draw(st.integers(1, 12))
    masks = st.integers(0, 2**size - 1)
    used = draw(st.lists(masks, min_size=quantity, max_size=quantity))
    changes = draw(st.lists(st.tuples(st.integers(1, quantity), masks, st.booleans()), max_size=8))
    packed = _Bits(size, [format(mask, f"0{size}b") for mask in used], []).packed()
    return {"size": size, "used": used, "packed": packed, "changes": changes}


def known_after(history: dict[str, Any]) -> dict[str, Any]:
    used: list[int] = list(history["used"])
    blocked: set[int] = set()
    for rank, mask, stopped in history["changes"]:
        used[rank - 1] = mask
        (blocked.add if stopped else blocked.discard)(rank)
    size = history["size"]
    bits = sum(mask << rank * size for rank, mask in enumerate(used))
    packed = bits.to_bytes(-(-len(used) * size // 8), "little")
    return {"bytes": base64.b64encode(packed).decode(), "blocked": sorted(blocked)}


APPLY = """const batch = { id: 1, size: given.size };
const whole = engine.withChanges(new Map(), { batches: [{ ...batch, used: given.packed, blocked: [] }] });
const changed = given.changes.map(([rank, used, blocked]) => ({ batch: 1, rank, used, blocked }));
const { bitmaps } = engine.withChanges(whole.bitmaps, { batches: [batch], changed });
const { bytes, blocked } = bitmaps.get(1);
return { bytes: btoa(String.fromCharCode(...bytes)), blocked: blocked.sort((one, other) => one - other) };"""


@given(st.lists(histories(), min_size=1, max_size=5))
@drawn
def test_a_bitmap_follows_what_changes(in_browser: InBrowser, drawn_histories: list[dict[str, Any]]) -> None:
    told = [
        history | {"changes": [(rank, format(mask, "x"), stopped) for rank, mask, stopped in history["changes"]]}
        for history in drawn_histories
    ]
    assert in_browser("bitmap", APPLY, told) == [known_after(history) for history in drawn_histories]
