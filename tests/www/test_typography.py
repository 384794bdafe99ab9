"""Where a line must not end, in French pages and in others."""

import pytest
from django.test import Client

from poincon.www.base.typography import kept_together

NO_BREAK = "\N{NO-BREAK SPACE}"


def kept(html: str, language: str = "fr") -> str:
    return kept_together(html.encode(), language=language).decode().replace(NO_BREAK, "_")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<p>Qui paie ?</p>", "<p>Qui paie_?</p>"),
        ("<p>Un mot : <b>« ici »</b> ; oui !</p>", "<p>Un mot_: <b>«_ici_»</b>_; oui_!</p>"),
        ("<p>Chéquier 4829 1570 363Q, 05 55 44 30 00</p>", "<p>Chéquier 4829_1570_363Q, 05_55_44_30_00</p>"),
        ('<p title="a : b">12 345 678</p>', '<p title="a : b">12 345 678</p>'),
        ("<textarea>lot 3 : 21</textarea><p>a : b</p>", "<textarea>lot 3 : 21</textarea><p>a_: b</p>"),
        ('<option value="1">a : b</option>', '<option value="1">a : b</option>'),
        ("<p>n° 12, n° de lot</p>", "<p>n°_12, n° de lot</p>"),
        ("<p>mardi 4 mars 2026, 1er août à 14 h 05</p>", "<p>mardi 4_mars 2026, 1er_août à 14_h_05</p>"),
        ("<p>10 € ou 60 % à 25 km, 3 marsouins</p>", "<p>10_€ ou 60_% à 25_km, 3 marsouins</p>"),
        ("<script>a ? b : c</script>", "<script>a ? b : c</script>"),
    ],
)
def test_french_punctuation_stays_with_its_word(written: str, shown: str) -> None:
    assert kept(written) == shown


def test_other_languages_keep_their_spaces_and_their_numbers() -> None:
    assert kept("<p>Why : 4829 1570 363Q</p>", "en") == "<p>Why : 4829_1570_363Q</p>"


@pytest.mark.django_db
def test_pages_are_so(client: Client) -> None:
    page = client.get("/mon-chequier/").content.decode()
    assert f"Exemple{NO_BREAK}: 4829{NO_BREAK}1570" in page
