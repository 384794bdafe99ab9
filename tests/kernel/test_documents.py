import io
from datetime import UTC, date, datetime
from pathlib import Path

import pypdfium2
import pytest

from poincon.kernel.documents import (
    Column,
    DocumentError,
    Table,
    UnprintableCodeError,
    code_svg,
    count,
    day,
    period,
    render,
    render_tables,
)

MOMENT = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def template(folder: Path, words: str) -> Path:
    path = folder / "page.typ"
    path.write_text(
        f'#import "/kernel/documents/style.typ": *\n#let data = inputs()\n#show: house-style\n= #title\n{words}'
    )
    return path


def test_a_document_says_its_title_language_and_standards(tmp_path: Path) -> None:
    pdf = render(template(tmp_path, "Bonjour"), {}, title="Relevé", moment=MOMENT)
    assert b"/Lang(fr)" in pdf.replace(b" ", b"")
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"/StructTreeRoot" in pdf
    assert pypdfium2.PdfDocument(pdf).get_metadata_value("Title") == "Relevé"


def test_the_same_data_and_moment_give_the_same_bytes(tmp_path: Path) -> None:
    page = template(tmp_path, "#data.words")
    first, second = (render(page, {"words": "Guéret"}, title="A", moment=MOMENT) for _ in range(2))
    assert first == second


def test_data_is_never_read_as_markup(tmp_path: Path) -> None:
    words = '#panic("no") *gras* $x$ [a] https://exemple.fr'
    assert words in text_of(render(template(tmp_path, "#data.words"), {"words": words}, title="A", moment=MOMENT))


def test_only_the_fonts_of_the_project_are_used(tmp_path: Path) -> None:
    pdf = render(template(tmp_path, "Été à 10 €, *gras*, _penché_"), {}, title="A", moment=MOMENT)
    fonts = {part.split(b"/")[0].split()[0] for part in pdf.split(b"/BaseFont/")[1:]}
    assert fonts
    assert all(b"AtkinsonHyperlegible" in font for font in fonts)


def test_a_wrong_template_is_refused_in_french(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="ne peut pas être composé"):
        render(template(tmp_path, "#data.missing"), {}, title="A", moment=MOMENT)


def test_a_template_cannot_read_outside_the_package(tmp_path: Path) -> None:
    with pytest.raises(DocumentError):
        render(template(tmp_path, '#read("/../../pyproject.toml")'), {}, title="A", moment=MOMENT)


def test_a_moment_without_a_zone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="fuseau"):
        render(template(tmp_path, ""), {}, title="A", moment=datetime(2025, 3, 4))  # noqa: DTZ001


def test_tables_repeat_their_headings_and_number_their_pages() -> None:
    rows = [[f"Lieu {number}", "12"] for number in range(90)]
    table = Table("Pass", [Column("Médiathèque"), Column("Nombre", numeric=True)], rows, ["Total", "1 080"])
    text = text_of(render_tables(title="Relevé", issuer="Creuse", tables=[table], reference="R-1", moment=MOMENT))
    assert text.count("Médiathèque") == text.count("R-1") == 3
    assert "Page 3 sur 3" in text


def test_a_row_with_a_missing_cell_is_refused() -> None:
    with pytest.raises(DocumentError, match="ligne 2 : 1 cases pour 2 colonnes"):
        Table("Pass", [Column("A"), Column("B")], [["1", "2"], ["3"]])


@pytest.mark.parametrize(
    ("value", "words"),
    [(date(2025, 3, 4), "mardi 4\xa0mars 2025"), (date(2025, 5, 1), "jeudi 1er\xa0mai 2025")],
)
def test_a_day_is_written_in_full(value: date, words: str) -> None:
    assert day(value) == words


def test_a_period_names_both_days() -> None:
    assert period(date(2025, 3, 4), date(2025, 12, 31)) == "du mardi 4\xa0mars 2025 au mercredi 31\xa0décembre 2025"


def test_large_counts_have_thin_spaces() -> None:
    assert count(12000) == "12\u202f000"


def test_a_code_that_is_not_alphanumeric_is_refused() -> None:
    with pytest.raises(UnprintableCodeError, match="majuscules"):
        code_svg("https://exemple.fr/a", width_mm=27)


def test_a_code_too_dense_for_its_width_is_refused() -> None:
    with pytest.raises(UnprintableCodeError, match=r"0\.44 mm"):
        code_svg("A" * 178, width_mm=20)


@pytest.mark.parametrize(("length", "modules"), [(154, 41), (178, 45)])
def test_a_signed_code_has_the_measured_size(length: int, modules: int) -> None:
    assert f'viewBox="0 0 {modules} {modules}"' in code_svg("A" * length, width_mm=27)
