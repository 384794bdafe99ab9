"""The guides say what the screens say, each page leads to its paragraph, and each paragraph is written."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.test import Client
from django.urls import reverse

from poincon.organisations.enums import Role
from poincon.organisations.models import User
from poincon.www.base.guides import GUIDES, declare_guide, guide_address, guides_for, paragraph_of
from poincon.www.base.rights import Door
from poincon.www.guide import reading
from poincon.www.guide.reading import PICTURES, TEXTS, guide_text, slugs
from scripts import guide_pictures
from scripts.guide_pictures import SHOTS
from tests.architecture.repository import ROOT
from tests.factories import make_membership, make_organisation
from tests.site_map import Address, pages

#: What is sent without being a page that one reads, the guides themselves, and what a telephone keeps to punch without
#: a network, where no guide could be opened.
NOT_READ = {"change_language", "guide", "guides", "health", "scanner:shell"}
FILE = re.compile(r"[.](?:css|geojson|js|json|svg|webmanifest)[$]?$")
QUOTED = re.compile(r"«\s*([^»]+?)\s*»")
LINKED = re.compile(r"\]\(([a-z-]*)(?:[.]md)?#([a-z0-9-]+)\)")
#: All the pictures together, so that cloning and installing stay light.
MOST_BYTES = 1_500_000

READ = [one for one in pages() if one.name not in NOT_READ and not FILE.search(one.route)]
each_guide = pytest.mark.parametrize("slug", slugs())
each_page = pytest.mark.parametrize("page", READ, ids=str)


def readers(page: Address) -> Sequence[Role | None]:
    """Who may read this page; None is a visitor."""
    if page.access.door is Door.PUBLIC:
        return [None]
    return sorted(page.access.allowed_roles) or list(Role)


@cache
def source(slug: str) -> str:
    return (TEXTS / f"{slug}.md").read_text(encoding="utf-8")


@cache
def words_of_the_screens() -> set[str]:
    """Every French text of the screens."""
    with (ROOT / "poincon/locale/en/LC_MESSAGES/django.po").open("rb") as file:
        ids = [one.id for one in read_po(file) if one.id]
    return {plain(text) for one in ids for text in (one if isinstance(one, tuple | list) else [one])}


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


# --- pages and paragraphs ---------------------------------------------------------------------------------------------


@each_page
def test_each_page_is_explained_to_whoever_may_open_it(page: Address) -> None:
    lost = [role for role in readers(page) if paragraph_of(page.name, role) is None]
    assert not lost, f"nothing explains {page.name} to these: add it to a paragraph in the guide.py of its folder"


def test_only_addresses_that_exist_are_explained() -> None:
    known = {page.name for page in pages()}
    assert not {name for guide in GUIDES.values() for name in guide.anchors} - known


def test_each_guide_is_written_and_declared() -> None:
    assert set(slugs()) == set(GUIDES)


@each_guide
def test_each_paragraph_explains_a_page_and_is_written(slug: str) -> None:
    written = [paragraph.anchor for paragraph in guide_text(slug).paragraphs]
    assert sorted(written) == sorted(set(GUIDES[slug].anchors.values()))


@pytest.mark.parametrize("role", list(Role))
def test_each_role_has_a_guide_of_its_own(role: Role) -> None:
    assert [role in guide.roles for guide in guides_for(role)].count(True) == 1


def test_a_role_has_one_guide() -> None:
    with pytest.raises(ValueError, match="declared already"):
        declare_guide("autre", Role.FUNDER, paragraphs={})


def test_a_page_has_one_paragraph_in_a_guide() -> None:
    with pytest.raises(ValueError, match="its pages"):
        declare_guide("autre", paragraphs={"un": ("search",), "deux": ("search",)})


# --- what is written --------------------------------------------------------------------------------------------------


@each_guide
def test_every_word_between_quotes_is_on_a_screen(slug: str) -> None:
    quoted = {plain(found) for found in QUOTED.findall(source(slug))}
    assert quoted, "a guide that quotes no button explains nothing"
    assert not quoted - words_of_the_screens()


def test_a_button_that_does_not_exist_would_be_found() -> None:
    assert "Remettre un chéquier" in words_of_the_screens()
    assert "Distribuer un carnet" not in words_of_the_screens()


@each_guide
def test_links_between_guides_lead_to_a_paragraph(slug: str) -> None:
    for other, anchor in LINKED.findall(source(slug)):
        assert anchor in {paragraph.anchor for paragraph in guide_text(other or slug).paragraphs}


def test_html_in_a_guide_is_shown_as_it_is_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("poincon.www.guide.reading.TEXTS", tmp_path)
    (tmp_path / "essai.md").write_text('# Titre\n\nDébut.\n\n## <a id="un"></a>Un\n\n<script>alert(1)</script>\n')
    shown = guide_text.__wrapped__("essai").html
    assert "<script>" not in shown
    assert '<h2 id="un">Un</h2>' in shown


# --- pictures ---------------------------------------------------------------------------------------------------------


def shown_pictures() -> Iterator[tuple[str, str]]:
    for slug in slugs():
        yield from guide_text(slug).pictures


def test_every_picture_is_shown_and_every_picture_shown_is_taken() -> None:
    lying = {path.name for path in (TEXTS / PICTURES).iterdir()}
    assert lying == {name for name, _said in shown_pictures()} == {f"{shot.name}.webp" for shot in SHOTS}


def test_every_picture_says_in_words_what_it_shows() -> None:
    assert not [name for name, said in shown_pictures() if len(said) < 20 or not said.endswith(".")]


def test_every_picture_was_taken_of_a_page_that_still_exists() -> None:
    assert not {shot.page for shot in SHOTS} - {page.name for page in pages()}


def test_the_pictures_are_light() -> None:
    assert sum(path.stat().st_size for path in (TEXTS / PICTURES).iterdir()) < MOST_BYTES


def test_the_package_takes_the_guides_along() -> None:
    packed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["poincon"]
    assert TEXTS.resolve() == ROOT / "docs" / "guide"
    assert {f"**/*{path.suffix}" for path in TEXTS.rglob("*.*")} <= set(packed)


def test_pictures_are_shown_as_large_as_the_screens_they_are_of() -> None:
    assert reading.DENSITY == guide_pictures.DENSITY


# --- on the site ------------------------------------------------------------------------------------------------------


@each_guide
def test_anybody_reads_a_guide(slug: str, client: Client, db: None) -> None:
    page = client.get(reverse("guide", args=[slug])).content.decode()
    assert '<article class="guide" lang="fr">' in page
    for paragraph in guide_text(slug).paragraphs:
        assert f'href="#{paragraph.anchor}"' in page
        assert f'id="{paragraph.anchor}"' in page


def test_all_the_guides_are_listed(client: Client, db: None) -> None:
    page = client.get(reverse("guides")).content.decode()
    assert all(f'href="{guide_address(slug)}"' in page for slug in GUIDES)


def test_a_guide_that_does_not_exist_is_not_found(client: Client, db: None) -> None:
    assert client.get(reverse("guide", args=["plombier"])).status_code == 404


def test_an_english_reader_is_told_that_the_guide_is_in_french(client: Client, db: None) -> None:
    page = client.get(reverse("guide", args=["prescripteur"]), headers={"accept-language": "en"}).content.decode()
    assert "written in French" in page
    assert "written in French" not in client.get(reverse("guide", args=["prescripteur"])).content.decode()


def test_a_page_leads_to_its_own_paragraph(client: Client, db: None) -> None:
    client.force_login(user_of(Role.PRESCRIBER))
    assert guide_address("prescripteur", "stock") in client.get(reverse("prescriber:stock")).content.decode()


def test_the_same_page_is_explained_to_each_role_in_its_own_guide(client: Client, db: None) -> None:
    for role, slug in ((Role.MEDIATOR, "mediateur"), (Role.OPERATOR_MANAGER, "responsable-de-structure")):
        client.force_login(user_of(role))
        assert guide_address(slug, "accueil") in client.get(reverse("operator:home")).content.decode()


def test_a_public_page_leads_to_its_paragraph(client: Client, db: None) -> None:
    assert guide_address("mon-chequier", "chequier") in client.get(reverse("my_booklet")).content.decode()


def test_a_page_that_does_not_exist_leads_to_the_guides(client: Client, db: None) -> None:
    assert f'href="{reverse("guides")}"' in client.get("/rien/").content.decode()


def test_an_empty_list_leads_to_the_guide(client: Client, db: None) -> None:
    client.force_login(user_of(Role.PRESCRIBER))
    page = client.get(reverse("prescriber:parcels")).content.decode()
    empty = page[page.index('class="empty"') :]
    assert guide_address("prescripteur", "colis") in empty[: empty.index("</section>")]


def user_of(role: Role) -> User:
    return make_membership(role, make_organisation(is_prescriber=True, is_operator=True)).user
