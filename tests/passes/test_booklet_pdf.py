import io
import random
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any

import numpy as np
import pypdfium2
import pytest
import zxingcpp

from poincon.kernel.documents import MAXIMUM_CODE_MM, MINIMUM_MODULE_MM, DocumentError
from poincon.passes.documents.booklets import booklet_pdf, letter_pdf
from poincon.passes.documents.content import BookletContent, Letter, Place, Scheme
from poincon.passes.documents.layout import CODE_MM, Duplex, Format, Layout, cutting_order, folded_sheets, slips_of
from poincon.passes.documents.proof import SPECIMEN_HOST, proof_pdf, proof_pictures, specimen_codes

MOMENT = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DOTS_PER_POINT = 200 / 72
SCHEME = Scheme(name="Pass numérique de la Creuse", funder_name="Creuse", phone="05 55 00 00 23", referent="Camille")
PLACE = Place("Médiathèque de Guéret", "12 avenue Fayolle, 23000 Guéret", "05 55 00 00 01", "Mardi, de 14 h à 17 h")


def signed_code(seed: int, length: int = 154) -> str:
    start = "HTTPS://PASS.EXEMPLE.FR/P/"
    return start + "".join(random.Random(seed).choices(CROCKFORD, k=length - len(start)))


def booklet(size: int = 10, *, serial: int = 1, length: int = 154, **changes: Any) -> BookletContent:
    content = BookletContent(
        number=f"4829 1570 {serial:03d}K",
        batch_label=f"Lot 12 — {serial}/500",
        size=size,
        codes=[signed_code(serial * 100 + position, length) for position in range(size + 1)],
        value_text="10 €",
        valid_from=date(2025, 3, 4),
        valid_until=date(2025, 12, 31),
    )
    return replace(content, **changes)


def pages(pdf: bytes, *, grey: bool = False) -> list[np.ndarray[Any, np.dtype[np.uint8]]]:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return [page.render(scale=DOTS_PER_POINT, grayscale=grey).to_numpy() for page in document]


def texts(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(io.BytesIO(pdf))]


def codes_on(picture: np.ndarray[Any, np.dtype[np.uint8]]) -> list[zxingcpp.Barcode]:
    only = zxingcpp.barcode_formats_from_str("QRCode")
    return list(zxingcpp.read_barcodes(np.ascontiguousarray(picture), formats=only))


def decoded(pdf: bytes, *, grey: bool = False) -> list[list[str]]:
    """The codes of each page, read from its picture, from top to bottom then left to right."""
    found = []
    for picture in pages(pdf, grey=grey):
        codes = codes_on(picture)
        found.append(
            [
                code.text
                for code in sorted(codes, key=lambda code: (code.position.top_left.y // 40, code.position.top_left.x))
            ]
        )
    return found


def printed(content: BookletContent, layout: Layout) -> bytes:
    return booklet_pdf([content], scheme=SCHEME, layout=layout, moment=MOMENT)


@pytest.mark.parametrize("length", [154, 178])
@pytest.mark.parametrize("size", [1, 2, 5, 6, 10, 13, 20])
@pytest.mark.parametrize("form", list(Format))
def test_every_code_is_read_back_from_the_pictures(form: Format, size: int, length: int) -> None:
    content = booklet(size, length=length)
    found = list(chain.from_iterable(decoded(printed(content, Layout(format=form)), grey=True)))
    assert sorted(found) == sorted(content.codes)


@pytest.mark.parametrize("form", list(Format))
def test_codes_are_large_enough_and_keep_their_quiet_zone(form: Format) -> None:
    content = booklet(10, length=178)
    picture = pages(printed(content, Layout(format=form)))[1]
    codes = codes_on(picture)
    dots_per_mm = DOTS_PER_POINT * 72 / 25.4
    for code in codes:
        corner = code.position
        width = (corner.top_right.x - corner.top_left.x) / dots_per_mm
        assert CODE_MM - 0.5 <= width <= MAXIMUM_CODE_MM
        module = width / 45
        assert module >= MINIMUM_MODULE_MM
        quiet = int(4 * module * dots_per_mm) - 1
        left, right = corner.top_left.x, corner.top_right.x
        top, bottom = corner.top_left.y, corner.bottom_left.y
        frame = picture[top - quiet : bottom + quiet, left - quiet : right + quiet].copy()
        frame[quiet - 2 : -quiet + 2, quiet - 2 : -quiet + 2] = 255
        assert frame.min() > 240


@pytest.mark.parametrize("size", range(1, 21))
def test_a_folded_booklet_has_two_pages_for_ten_passes(size: int) -> None:
    assert len(pages(printed(booklet(size), Layout()))) == 2 * len(folded_sheets(size))


@pytest.mark.parametrize(("size", "sheets"), [(5, 2), (10, 3), (20, 6)])
def test_a_cut_booklet_fills_whole_sheets(size: int, sheets: int) -> None:
    assert len(slips_of(size, 0)) == sheets * 4
    assert len(pages(printed(booklet(size), Layout(format=Format.CUT)))) == sheets


@pytest.mark.parametrize("sizes", [[10], [5, 5, 5], [10] * 8, [1, 7, 20, 10]])
def test_cutting_a_stack_and_piling_it_gives_booklets_in_order(sizes: list[int]) -> None:
    sheets = cutting_order(sizes)
    piled = [sheet[pile] for pile in range(4) for sheet in sheets]
    assert piled == [slip for number, size in enumerate(sizes) for slip in slips_of(size, number)]


def test_the_printed_stack_follows_the_cutting_order() -> None:
    contents = [booklet(10, serial=serial) for serial in (1, 2)]
    pdf = booklet_pdf(contents, scheme=SCHEME, layout=Layout(format=Format.CUT), moment=MOMENT)
    by_slip = [
        [content.codes[slip.position] for content in [contents[slip.booklet]] if slip.kind in {"cover", "pass"}]
        for sheet in cutting_order([10, 10])
        for slip in sheet
    ]
    assert list(chain.from_iterable(decoded(pdf))) == list(chain.from_iterable(by_slip))


@pytest.mark.parametrize(("duplex", "upright_half"), [(Duplex.SHORT_EDGE, "bottom"), (Duplex.LONG_EDGE, "top")])
def test_the_cover_lies_where_the_printer_turns_the_sheet(duplex: Duplex, upright_half: str) -> None:
    picture = pages(printed(booklet(), Layout(duplex=duplex)))[0]
    (code,) = codes_on(picture)
    assert (code.position.top_left.y > picture.shape[0] / 2) == (upright_half == "bottom")
    assert abs(code.orientation) == (0 if duplex is Duplex.SHORT_EDGE else 180)


def test_the_number_is_on_the_cover_and_beside_every_code() -> None:
    outside, inside = texts(printed(booklet(), Layout()))
    assert "4829 1570 001K" in outside
    assert inside.count("4829 1570 001K") == 11
    assert "Pass 10 sur 10" in inside


def test_the_public_reads_whom_to_call_and_until_when() -> None:
    outside, inside = texts(printed(booklet(), Layout()))
    assert "Comment ça marche ?" in outside
    assert "Appelez Camille" in outside
    assert SCHEME.phone in inside
    assert inside.count("mercredi 31\xa0décembre 2025") == 10


def test_each_booklet_can_be_reached_from_the_bookmarks() -> None:
    contents = [booklet(5, serial=serial) for serial in (1, 2)]
    pdf = booklet_pdf(contents, scheme=SCHEME, layout=Layout(), moment=MOMENT)
    titles = [item.get_title() for item in pypdfium2.PdfDocument(io.BytesIO(pdf)).get_toc()]
    assert titles == ["Chéquier 4829 1570 001K", "Chéquier 4829 1570 002K"]


def test_each_code_is_described_for_those_who_do_not_see_it() -> None:
    pdf = printed(booklet(1), Layout())
    assert pdf.count(b"/Alt") == 2


@pytest.mark.parametrize("form", list(Format))
def test_a_printing_house_gets_bleed_and_trim(form: Format) -> None:
    page = pypdfium2.PdfDocument(printed(booklet(), Layout(format=form, bleed_mm=3)))[1 if form is Format.FOLDED else 0]
    left, bottom, right, top = (edge / 72 * 25.4 for edge in page.get_trimbox())
    assert (round(right - left), round(top - bottom)) == (210, 297)
    assert left > 3
    assert bottom > 3
    ink = page.render(scale=2).to_numpy()[int((left - 2) / 25.4 * 144) + 200, int((left - 2) / 25.4 * 144)]
    assert tuple(int(part) for part in ink) != (255, 255, 255)


def test_an_office_printer_gets_plain_a4() -> None:
    page = pypdfium2.PdfDocument(printed(booklet(), Layout()))[0]
    assert [round(edge / 72 * 25.4) for edge in page.get_mediabox()] == [0, 0, 210, 297]


def test_a_proof_shows_no_usable_code() -> None:
    content = booklet(10)
    found = list(chain.from_iterable(decoded(proof_pdf(content, scheme=SCHEME, layout=Layout(), moment=MOMENT))))
    assert sorted(found) == sorted(specimen_codes(10))
    assert all(code.startswith(SPECIMEN_HOST) for code in found)


def test_every_page_of_a_proof_is_marked() -> None:
    form, *rest = texts(proof_pdf(booklet(5), scheme=SCHEME, layout=Layout(format=Format.CUT), moment=MOMENT))
    assert "Bon à tirer" in form
    assert all("SPÉCIMEN" in text for text in rest)


def test_specimen_codes_are_all_different() -> None:
    assert len(set(specimen_codes(20))) == 21


def test_the_letter_tells_where_to_go_and_what_to_bring() -> None:
    letter = Letter(organisation="CCAS de Guéret", contact=("05 55 00 00 10",), places=[PLACE])
    (text,) = texts(letter_pdf([booklet(letter=letter)], scheme=SCHEME, layout=Layout(), moment=MOMENT))
    for words in ("CCAS de Guéret", PLACE.name, PLACE.phone, "À apporter", SCHEME.phone, "4829 1570 001K"):
        assert words in text


def test_the_letter_takes_the_words_of_the_scheme() -> None:
    letter = Letter(paragraphs=("Bienvenue aux ateliers de la Creuse.",), bring=("votre carte",))
    (text,) = texts(letter_pdf([booklet(letter=letter)], scheme=SCHEME, layout=Layout(), moment=MOMENT))
    assert "Bienvenue aux ateliers de la Creuse." in text
    assert "votre carte" in text


def test_the_same_booklet_printed_twice_gives_the_same_bytes() -> None:
    assert printed(booklet(), Layout()) == printed(booklet(), Layout())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"size": 11}, "11 codes, il en faut 12"),
        ({"size": 0, "codes": ["A"]}, "de 1 à 20"),
        ({"size": 21}, "de 1 à 20"),
        ({"codes": ["A"] * 11}, "deux pass portent le même code"),
        ({"valid_until": date(2025, 1, 1)}, "finit avant de commencer"),
        ({"pass_labels": ["un"]}, "1 libellés pour 10 pass"),
        ({"value_text": ""}, "ce texte est vide"),
        ({"value_text": "x" * 25}, "25 caractères, 24 au plus"),
    ],
)
def test_a_wrong_booklet_is_refused_before_it_is_printed(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(DocumentError, match=words):
        replace(booklet(10), **changes)


@pytest.mark.parametrize("colour", [{"ink": "#ffcc00"}, {"accent": "#ffeeaa"}, {"ink": "bleu"}])
def test_a_colour_that_cannot_be_read_is_refused(colour: dict[str, str]) -> None:
    with pytest.raises(DocumentError, match="couleur"):
        replace(SCHEME, **colour)


def test_the_pictures_of_a_proof_are_its_letter_and_its_sheets() -> None:
    pictures = proof_pictures(booklet(), scheme=SCHEME, moment=MOMENT)
    proof = proof_pdf(booklet(), scheme=SCHEME, layout=Layout(), moment=MOMENT)
    assert len(pictures) == len(pages(proof)) - 1
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
    assert len(pictures[1]) < 40_000, "the page that shows it must stay under its weight"
