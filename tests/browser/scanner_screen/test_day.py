"""The day, the group, the settings: what the person reads and does once the passes are punched."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.scanner_screen.conftest import Screen
from tests.browser.scanner_screen.test_looks import LATE, WORRIED


def test_a_group_is_counted_listed_and_ended_by_a_slip(screen: Screen) -> None:
    page = screen(size=DESK)
    for rank in range(3):
        page.keyboard.type(f"CODE/{rank}\n")
        expect(page.locator("[data-group-passes]")).to_have_text(f"{rank + 1} pass")
    page.keyboard.type("REFUSE/1\n")
    expect(page.locator("[data-group-worth]")).to_have_text("30 €")
    page.get_by_role("button", name="Terminer le groupe").click()
    expect(page.get_by_role("heading", name="Bordereau des pass poinçonnés")).to_be_focused()
    expect(page.get_by_role("row")).to_have_count(5)
    expect(page.get_by_role("row", name=re.compile("Total"))).to_contain_text("3 pass")
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="Imprimer").click()
    assert page.evaluate("window.printed")
    page.get_by_role("button", name="Commencer un nouveau groupe").click()
    expect(page.locator("[data-group]")).to_be_hidden()
    page.keyboard.type("CODE/9\n")
    expect(page.locator("[data-group-passes]")).to_have_text("1 pass")


def test_a_worth_that_is_not_known_is_not_added_up(screen: Screen) -> None:
    page = screen("engine.given = () => engine.kinds.answer({ cents: null });", size=DESK)
    page.keyboard.type("CODE/1\n")
    expect(page.locator("[data-group-passes]")).to_have_text("1 pass")
    expect(page.locator("[data-group-worth]")).to_have_text("")
    page.get_by_role("button", name="Terminer le groupe").click()
    expect(page.get_by_role("row", name=re.compile("Total"))).not_to_contain_text("€")


def test_paper_shows_the_slip_and_nothing_else(screen: Screen) -> None:
    page = screen(size=DESK)
    page.keyboard.type("CODE/1\n")
    page.get_by_role("button", name="Terminer le groupe").click()
    page.emulate_media(media="print")
    expect(page.get_by_role("table")).to_be_visible()
    expect(page.get_by_text("Date et signature")).to_be_visible()
    expect(page.locator(".s-dock")).to_be_hidden()
    expect(page.get_by_role("button", name="Imprimer")).to_be_hidden()


def test_a_late_refusal_is_shown_until_it_is_read(screen: Screen) -> None:
    page = screen(f"{LATE} engine.status.lateRefusals = 1;")
    page.get_by_role("button", name="Voir quoi faire").click()
    refused = page.get_by_role("listitem").filter(has_text="Utilisez un autre pass du chéquier.").first
    expect(refused).to_contain_text("Refusé")
    refused.get_by_role("button", name=re.compile("J’ai lu")).click()
    expect(page.get_by_role("button", name=re.compile("J’ai lu"))).to_have_count(0)
    expect(page.get_by_text("refusé ensuite")).to_be_hidden()


def test_a_punch_is_undone_from_the_history(screen: Screen) -> None:
    page = screen(LATE)
    page.get_by_role("button", name="Journée").click()
    expect(page.locator("[data-day-passes]")).to_have_text("2")
    page.get_by_role("button", name=re.compile("Annuler le poinçon")).first.click()
    expect(page.locator("[data-day-passes]")).to_have_text("1")
    expect(page.get_by_role("listitem").first).to_contain_text("Annulé")


def test_what_worries_is_said_in_sentences(screen: Screen) -> None:
    page = screen(WORRIED, size=PHONE)
    sentences = ("refusé ensuite", "avance de 24 heures", "presque pleine", "Une nouvelle version")
    # One at a time where one works, all of them where one looks for them.
    assert [page.get_by_text(sentence).is_visible() for sentence in sentences] == [True, False, False, False]
    state = page.locator("[data-go=settings]").first
    expect(state).to_contain_text("2 à envoyer")
    expect(state).to_contain_text("Hors ligne")
    state.click()
    for sentence in sentences:
        expect(page.get_by_text(sentence)).to_be_visible()
    expect(page.get_by_text("2 poinçons ou annulations attendent d’être envoyés.")).to_be_visible()
    page.get_by_role("button", name="Synchroniser maintenant").click()
    assert ["sync"] in page.evaluate("window.engine.calls")


def test_the_place_is_changed_in_one_press(screen: Screen) -> None:
    page = screen()
    page.get_by_role("button", name="Changer de lieu ou de service").click()
    expect(page.get_by_text("Ce lieu est fermé depuis le 1er mars 2026.")).to_be_visible()
    page.get_by_role("button", name="Faire ses démarches en ligne").click()
    expect(page.get_by_role("button", name="Changer de lieu ou de service")).to_contain_text(
        "Faire ses démarches en ligne"
    )
    assert page.evaluate("window.engine.context.service") == "demarches"


def test_a_telephone_is_named_before_its_first_punch(screen: Screen) -> None:
    page = screen("engine.status.phase = 'not_enrolled';")
    expect(page.get_by_label("Nom de ce téléphone")).to_have_value("Téléphone de Camille Moreau")
    page.get_by_role("button", name="Utiliser ce téléphone").click()
    expect(page.locator("[data-view-name=punch]")).to_be_visible()
    assert ["enrol", "Téléphone de Camille Moreau"] in page.evaluate("window.engine.calls")


def test_leaving_with_a_queue_is_said_first(screen: Screen) -> None:
    page = screen()
    page.get_by_role("button", name="Réglages").last.click()
    page.get_by_role("button", name="Ne plus utiliser ce téléphone").click()
    expect(page.get_by_role("alert").filter(has_text="2 poinçons ne sont pas encore envoyés")).to_be_visible()
    expect(page.get_by_role("button", name="Quitter quand même")).to_be_visible()
