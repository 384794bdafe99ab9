"""The longest texts the content accepts stay in their place: nothing overlaps a code, nothing leaves the page."""

from dataclasses import replace
from itertools import chain
from typing import Any

import pypdfium2
import pytest

from poincon.kernel.documents import DocumentError
from poincon.passes.documents.booklets import booklet_pdf, letter_pdf
from poincon.passes.documents.content import MAXIMUM_PLACES, Letter, Place, Scheme
from poincon.passes.documents.layout import Format, Layout
from tests.passes.test_booklet_pdf import MOMENT, SCHEME, booklet, decoded, texts

WIDE_WORD = "W" * 80
SENTENCE = "Dispositif départemental d’accompagnement aux usages numériques du quotidien, Creuse"[:80]
SAFE_MM = 3.5


def longest_scheme(name: str) -> Scheme:
    return Scheme(
        name=name, funder_name=name, phone="+33 (0)5 55 00 00 00 1234"[:24], referent=name[:60],
        email="a" * 60 + "@exemple.fr", public_url="b" * 60 + ".exemple.fr", languages=("anglais", "arabe"),
    )  # fmt: skip


def longest_letter(name: str) -> Letter:
    place = Place(name, (name + name)[:120], "+33 (0)5 55 00 00 00 1234"[:24], (name + name)[:90])
    return Letter(
        organisation=name,
        contact=(name,) * 4,
        paragraphs=(name,) * 7,
        bring=(name,) * 4,
        places=(place,) * MAXIMUM_PLACES,
    )


def longest_booklet(name: str, size: int) -> Any:
    return booklet(
        size, batch_label=name[:60], value_text="2 heures 30 minutes x 10", programme=name, territory=name,
        publics=(name, name[:78]), pass_labels=[name[:40]] * size, use_text=name[:60], letter=longest_letter(name),
    )  # fmt: skip


def extent_mm(pdf: bytes) -> list[tuple[float, float, float, float]]:
    """For each page, the distance of the nearest letter to the left, bottom, right and top edges."""
    found: list[tuple[float, float, float, float]] = []
    for page in pypdfium2.PdfDocument(pdf):
        text = page.get_textpage()
        width, height = page.get_size()
        boxes = [text.get_rect(index) for index in range(text.count_rects())]
        edges = (
            min(box[0] for box in boxes), min(box[1] for box in boxes),
            width - max(box[2] for box in boxes), height - max(box[3] for box in boxes),
        )  # fmt: skip
        left, bottom, right, top = (edge / 72 * 25.4 for edge in edges)
        found.append((left, bottom, right, top))
    return found


@pytest.mark.parametrize("name", [WIDE_WORD, SENTENCE])
@pytest.mark.parametrize("size", [5, 10, 20])
@pytest.mark.parametrize("form", list(Format))
def test_long_texts_never_cover_a_code_nor_leave_the_page(form: Format, size: int, name: str) -> None:
    content = longest_booklet(name, size)
    pdf = booklet_pdf([content], scheme=longest_scheme(name), layout=Layout(format=form), moment=MOMENT)
    assert sorted(chain.from_iterable(decoded(pdf))) == sorted(content.codes)
    assert all(min(edges) > SAFE_MM for edges in extent_mm(pdf))


@pytest.mark.parametrize("name", [WIDE_WORD, SENTENCE])
def test_the_longest_letter_takes_a_second_page_rather_than_small_print(name: str) -> None:
    content = longest_booklet(name, 10)
    pdf = letter_pdf([content], scheme=longest_scheme(name), layout=Layout(), moment=MOMENT)
    assert 2 <= len(texts(pdf)) <= 3
    assert all(min(edges) > SAFE_MM for edges in extent_mm(pdf))


def test_a_letter_with_six_ordinary_places_holds_on_one_page() -> None:
    place = Place(
        "Médiathèque intercommunale du Pays de Bourganeuf et de Royère",
        "12 avenue Fayolle, 23000 Guéret",
        "05 55 00 00 01",
    )
    letter = Letter(organisation="CCAS de Guéret", contact=("Sophie Martin", "05 55 00 00 10"), places=(place,) * 6)
    assert len(texts(letter_pdf([booklet(10, letter=letter)], scheme=SCHEME, layout=Layout(), moment=MOMENT))) == 1


def test_a_short_letter_is_printed_larger_than_a_long_one() -> None:
    def tallest_word(content: Any) -> float:
        page = pypdfium2.PdfDocument(letter_pdf([content], scheme=SCHEME, layout=Layout(), moment=MOMENT))[0]
        text = page.get_textpage()
        start = text.get_text_range().index("Venez avec")
        box = text.get_charbox(start)
        return float(box[3] - box[1])

    assert tallest_word(booklet(10)) > 1.2 * tallest_word(longest_booklet(SENTENCE, 10))


@pytest.mark.parametrize("changes", [{"name": "W" * 81}, {"phone": "0" * 25}, {"referent": ""}])
def test_a_text_that_could_not_be_read_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(DocumentError):
        replace(SCHEME, **changes)


def test_a_letter_names_six_places_at_most() -> None:
    with pytest.raises(DocumentError, match="au plus 6 lieux"):
        Letter(places=(Place("Lieu", "Guéret"),) * 7)
