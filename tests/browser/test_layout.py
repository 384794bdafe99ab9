"""The working layout and its parts, as they are used: by keyboard, on a telephone, without script, on paper."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from poincon.kernel.jobs import open_job
from poincon.kernel.models import Job, JobState
from poincon.organisations.enums import Role
from poincon.organisations.models import User
from tests.browser.accessibility import scrolls_sideways, small_targets, violations
from tests.browser.conftest import DESK, NARROW, PHONE, SCHEMES, Open
from tests.factories import make_agreement, make_commune, make_membership, make_programme, make_scheme, make_user

SignIn = Callable[[Page, User], None]
LOOKS = [(size, scheme) for size in (PHONE, DESK) for scheme in SCHEMES]
looks = pytest.mark.parametrize(("size", "scheme"), LOOKS, ids=str)


@pytest.fixture
def volunteer() -> User:
    """Prescriber for two programmes, and mediator elsewhere."""
    scheme = make_scheme(name="Premier dispositif")
    make_agreement(scheme.prescriber, make_programme(name="Second dispositif"))
    user = make_user(full_name="Anne Faure")
    make_membership(Role.PRESCRIBER, scheme.prescriber, user=user)
    make_membership(Role.MEDIATOR, scheme.operator, user=user)
    return user


@pytest.fixture
def administrator() -> Iterator[User]:
    # A demonstration asks for no second factor: these tests are about what is drawn.
    with override_settings(DEMO=True):
        yield make_membership(Role.ADMINISTRATOR).user


@pytest.fixture
def without_script(browser: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=live_server.url,
        viewport=ViewportSize(width=PHONE[0], height=PHONE[1]),
        java_script_enabled=False,
        locale="fr-FR",
    )
    yield context
    context.close()


def test_a_telephone_without_script_opens_the_menu_and_changes_hats(
    without_script: BrowserContext, sign_in: SignIn, volunteer: User
) -> None:
    page = without_script.new_page()
    sign_in(page, volunteer)
    page.goto("/prescripteur/")
    expect(page.get_by_role("navigation", name="Menu")).to_be_hidden()
    page.locator("summary", has_text="Menu").click()
    expect(page.get_by_role("navigation", name="Menu").get_by_role("link", name="Accueil")).to_be_visible()
    page.locator("summary", has_text="Menu").click()
    page.locator(".hat summary").click()
    page.get_by_role("button", name=re.compile("médiateur", re.IGNORECASE)).click()
    expect(page).to_have_url(re.compile("/mediation/$"))


def test_the_keyboard_changes_hats_and_escape_closes(open_page: Open, sign_in: SignIn, volunteer: User) -> None:
    page = open_page("/")
    sign_in(page, volunteer)
    page.goto("/prescripteur/")
    hat = page.locator(".hat summary")
    hat.focus()
    page.keyboard.press("Enter")
    choice = page.get_by_role("button", name=re.compile("médiateur", re.IGNORECASE))
    expect(choice).to_be_visible()
    page.keyboard.press("Tab")
    expect(choice).to_be_focused()
    page.keyboard.press("Escape")
    expect(choice).to_be_hidden()
    expect(hat).to_be_focused()


def test_an_open_menu_closes_when_one_goes_elsewhere(open_page: Open, sign_in: SignIn, volunteer: User) -> None:
    page = open_page("/")
    sign_in(page, volunteer)
    page.goto("/prescripteur/")
    page.locator(".hat summary").click()
    page.get_by_role("heading", level=1).click()
    expect(page.get_by_role("button", name="Se déconnecter")).to_be_hidden()


def test_one_looks_at_another_programme_in_one_click_of_the_menu(
    open_page: Open, sign_in: SignIn, volunteer: User
) -> None:
    page = open_page("/")
    sign_in(page, volunteer)
    page.goto("/prescripteur/")
    switch = page.locator(".stub .programme-switch")
    looked_at, other = "Premier dispositif", "Second dispositif"
    if other in switch.locator("summary").inner_text():
        looked_at, other = other, looked_at
    switch.locator("summary").click()
    switch.get_by_role("button", name=other).click()
    expect(page.locator(".stub .programme-switch summary")).to_contain_text(other)


def test_a_stroke_goes_to_the_search_field_unless_one_is_typing(
    open_page: Open, sign_in: SignIn, volunteer: User
) -> None:
    page = open_page("/")
    sign_in(page, volunteer)
    page.goto("/prescripteur/")
    page.keyboard.press("/")
    field = page.get_by_role("searchbox").first
    expect(field).to_be_focused()
    page.keyboard.type("4829/1570")
    expect(field).to_have_value("4829/1570")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/recherche/\\?q=4829%2F1570"))


def test_a_telephone_searches_from_its_menu(open_page: Open, sign_in: SignIn, volunteer: User) -> None:
    page = open_page("/", size=PHONE)
    sign_in(page, volunteer)
    page.goto("/prescripteur/")
    page.locator("summary", has_text="Menu").click()
    page.locator(".search-menu").get_by_role("searchbox").fill("Guéret")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/recherche/"))


def test_one_always_sees_which_hat_one_wears(open_page: Open, sign_in: SignIn, volunteer: User) -> None:
    for size in (PHONE, DESK, NARROW):
        page = open_page("/", size=size)
        sign_in(page, volunteer)
        page.goto("/prescripteur/")
        expect(page.locator(".hat .hat-role").first).to_be_in_viewport()
        assert not scrolls_sideways(page)


@looks
def test_every_component_holds_for_everyone(
    open_page: Open, sign_in: SignIn, administrator: User, size: tuple[int, int], scheme: str
) -> None:
    make_commune()
    page = open_page("/", size=size, scheme=scheme)
    sign_in(page, administrator)
    for path in ("/style/", "/style/liste/", "/style/liste/?q=rien", "/style/formulaire/", "/style/confirmation/"):
        page.goto(path)
        assert violations(page) == []
        assert not scrolls_sideways(page)
        assert small_targets(page) == []


def test_a_list_is_read_as_cards_on_a_telephone(open_page: Open, sign_in: SignIn, administrator: User) -> None:
    make_commune()
    page = open_page("/", size=PHONE)
    sign_in(page, administrator)
    page.goto("/style/liste/")
    row = page.get_by_role("row").filter(has_text="Guéret")
    expect(row.get_by_role("rowheader")).to_have_text("Guéret")
    name, code = row.get_by_role("rowheader").bounding_box(), row.get_by_role("cell").first.bounding_box()
    assert name is not None
    assert code is not None
    assert code["y"] > name["y"] + name["height"] / 2
    label = "element => getComputedStyle(element, '::before').content"
    assert row.get_by_role("cell").first.evaluate(label) == '"Code INSEE"'


def test_a_list_is_filtered_and_exported_without_script(
    without_script: BrowserContext, sign_in: SignIn, administrator: User
) -> None:
    make_commune()
    page = without_script.new_page()
    sign_in(page, administrator)
    page.goto("/style/liste/")
    page.get_by_label("Chercher une commune").fill("guéret")
    page.get_by_role("button", name="Chercher", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("1 commune")
    with page.expect_download() as download:
        page.get_by_role("link", name="Exporter en CSV").click()
    assert download.value.suggested_filename.startswith("communes-")


def test_the_link_of_an_error_goes_to_its_field(open_page: Open, sign_in: SignIn, administrator: User) -> None:
    page = open_page("/", size=PHONE)
    sign_in(page, administrator)
    page.goto("/style/formulaire/")
    page.get_by_label("Nom du lieu").fill("La Quincaillerie")
    page.get_by_role("button", name="Enregistrer le lieu").click()
    expect(page).to_have_title(re.compile("^Erreur"))
    expect(page.get_by_label("Nom du lieu")).to_have_value("La Quincaillerie")
    page.get_by_role("alert").get_by_role("link", name="Commune").click()
    expect(page.get_by_label("Commune")).to_be_focused()


def test_a_form_sent_after_the_session_ended_is_found_again(
    open_page: Open, sign_in: SignIn, administrator: User, client: Client
) -> None:
    administrator.set_password("un mot de passe assez long")
    administrator.save()
    page = open_page("/")
    sign_in(page, administrator)
    page.goto("/style/formulaire/")
    page.get_by_label("Nom du lieu").fill("La Quincaillerie")
    client.logout()
    page.get_by_role("button", name="Enregistrer le lieu").click()
    expect(page).to_have_url(re.compile("/connexion/"))
    page.get_by_role("link", name="mot de passe").click()
    page.get_by_label("Votre adresse de courriel").fill(administrator.email)
    page.get_by_label("Votre mot de passe").fill("un mot de passe assez long")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_label("Nom du lieu")).to_have_value("La Quincaillerie")


def test_the_progress_of_a_work_moves_by_itself_until_its_end(
    open_page: Open, sign_in: SignIn, volunteer: User
) -> None:
    job = open_job("essai", 1, asked_by_id=volunteer.pk)
    Job.objects.update(state=JobState.RUNNING, done=10, total=100, moved_at=timezone.now())
    page = open_page("/", size=PHONE)
    sign_in(page, volunteer)
    page.goto(f"/travaux/{job.pk}/")
    expect(page.get_by_text("sur 100, soit 10 %")).to_be_visible()
    assert violations(page) == []
    Job.objects.update(done=50)
    expect(page.get_by_text("sur 100, soit 50 %")).to_be_visible()
    Job.objects.update(state=JobState.DONE, result={"sentence": "100 chéquiers imprimés."})
    expect(page.get_by_role("status").filter(has_text="100 chéquiers imprimés.")).to_be_visible()
    expect(page.locator("[hx-trigger]")).to_have_count(0)


def test_without_script_a_work_is_asked_again_by_a_link(
    without_script: BrowserContext, sign_in: SignIn, volunteer: User
) -> None:
    job = open_job("essai", 1, asked_by_id=volunteer.pk)
    page = without_script.new_page()
    sign_in(page, volunteer)
    page.goto(f"/travaux/{job.pk}/")
    Job.objects.update(state=JobState.DONE, result={"sentence": "C’est imprimé."})
    page.get_by_role("link", name="Actualiser").click()
    expect(page.get_by_text("C’est imprimé.")).to_be_visible()


def test_a_map_shows_its_places_and_its_table_says_the_same(
    open_page: Open, sign_in: SignIn, administrator: User
) -> None:
    page = open_page("/")
    sign_in(page, administrator)
    page.goto("/style/")
    region = page.get_by_role("region", name="Les lieux de la Creuse")
    expect(region.locator(".map-area")).to_have_count(10)
    mark = region.get_by_role("button", name="La Quincaillerie")
    mark.focus()
    page.keyboard.press("Enter")
    expect(region.get_by_text("du mardi au samedi")).to_be_visible()
    page.locator("summary", has_text="Voir la carte en tableau").click()
    table = page.get_by_role("table", name="Les lieux de la Creuse")
    expect(table.get_by_role("rowheader", name="La Quincaillerie")).to_be_visible()


def test_a_map_whose_places_do_not_come_says_where_else_to_read(open_page: Open) -> None:
    scheme = make_scheme(code="creuse")
    page = open_page("/")
    page.goto("/dispositif/creuse/lieux/")
    region = page.get_by_role("region", name="Les lieux sur la carte")
    expect(region.get_by_role("button", name=scheme.venue.name)).to_be_visible()
    # Cut short, as by a relay that closes: a request that fails would also be said in the console.
    page.route("**/carte.json*", lambda route: route.fulfill(body="["))
    page.reload()
    expect(region.get_by_text("La liste dit la même chose.")).to_be_visible()


def test_the_words_of_a_chart_keep_their_size_on_a_telephone(
    open_page: Open, sign_in: SignIn, administrator: User
) -> None:
    page = open_page("/", size=NARROW)
    sign_in(page, administrator)
    page.goto("/style/")
    heights = page.locator(".chart text").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert heights
    assert min(heights) >= 15
    overlaps = page.locator(".chart").first.evaluate(
        """chart => {
            const words = [...chart.querySelectorAll('text[text-anchor=middle]')];
            const boxes = words.map(one => one.getBoundingClientRect());
            return boxes.some((box, rank) => rank && box.left < boxes[rank - 1].right);
        }"""
    )
    assert not overlaps


def test_paper_gets_the_page_without_what_one_clicks(open_page: Open, sign_in: SignIn, administrator: User) -> None:
    make_commune()
    page = open_page("/")
    sign_in(page, administrator)
    page.goto("/style/liste/")
    expect(page.locator(".on-paper")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.get_by_role("table")).to_be_visible()
    expect(page.locator(".on-paper")).to_be_visible()
    for hidden in (".stub", ".hat", ".listing-form", ".listing-exports", ".site-footer"):
        expect(page.locator(hidden)).to_be_hidden()


#: A4 upright and on its side, less the margins of a printer, in pixels.
SHEETS = ((718, 1047), (1047, 718))


@pytest.mark.parametrize("sheet", SHEETS, ids=str)
def test_a_list_on_paper_is_a_table_as_wide_as_the_sheet(
    open_page: Open, sign_in: SignIn, administrator: User, sheet: tuple[int, int]
) -> None:
    make_commune()
    page = open_page("/", size=sheet)
    sign_in(page, administrator)
    page.goto("/style/liste/")
    page.emulate_media(media="print")
    assert page.locator(".rows tbody tr").first.evaluate("row => getComputedStyle(row).display") == "table-row"
    table = page.get_by_role("table").bounding_box()
    assert table is not None
    assert sheet[0] * 0.85 < table["width"] <= sheet[0]


def test_paper_gets_places_without_the_questions_nor_the_map(open_page: Open) -> None:
    scheme = make_scheme(ends_on=timezone.localdate() + timedelta(days=365))
    page = open_page(f"/dispositif/{scheme.programme.code}/lieux/")
    expect(page.locator(".map")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name=scheme.venue.name)).to_be_visible()
    for hidden in (".find", ".find-form", ".map"):
        expect(page.locator(hidden)).to_be_hidden()
