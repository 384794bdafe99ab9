"""No network: what is answered at once, what waits, and what becomes of it when the network returns."""

from collections.abc import Callable

import pytest
from playwright.sync_api import APIResponse, Route

from poincon.passes.enums import BlockReason
from poincon.passes.models import Scan
from poincon.passes.services.block import block
from tests.browser.scanner.conftest import Phone
from tests.browser.scanner.village import Village, live_redemptions, make_village, scans_kept
from tests.factories import SYSTEM


def damaged(code: str) -> str:
    """The same code with one character misread."""
    return code[:-1] + ("0" if code[-1] == "Z" else "Z")


PORTAL = "<!DOCTYPE html><title>Bienvenue</title><p>Acceptez les conditions pour accéder à Internet.</p>"


def test_a_pass_is_taken_off_line_and_confirmed_by_itself(village: Village, phone: Phone) -> None:
    driver = phone(village)
    driver.cut()
    answer = driver.scan(village.code(1, 3))
    assert (answer["outcome"], answer["title"]) == ("waiting", "Accepté hors ligne, sera confirmé")
    assert (answer["left"], answer["positions"], answer["verified"]) == (9, [3], True)
    assert scans_kept() == 0
    driver.settle()
    assert driver.states() == ["confirmed"]
    assert (live_redemptions(), scans_kept()) == (1, 1)


def test_what_is_known_to_be_refused_is_refused_at_once_in_the_words_of_the_server(
    village: Village, phone: Phone
) -> None:
    driver = phone(village)
    driver.scan(village.code(1, 3))
    block(by=SYSTEM, number=village.number(2), reason=BlockReason.LOST)
    driver.call("sync")
    driver.cut()
    blocked = driver.scan(village.code(2, 1))
    assert (blocked["outcome"], blocked["reason"], blocked["title"]) == (
        "refused",
        "blocked_booklet",
        "Refusé : rien n’est poinçonné",
    )
    assert blocked["sentence"].startswith("Ce chéquier a été déclaré perdu, volé ou remplacé")
    assert driver.scan(village.number(1, 3))["reason"] == "already_used"
    assert driver.scan(village.code(1, 1, copied_as=9))["reason"] == "forged_signature"
    assert driver.scan(damaged(village.code(1, 2)))["reason"] == "forged_signature"
    assert driver.scan(village.code(1, 11))["reason"] == "position_out_of_range"
    assert driver.scan("https://exemple.fr/menu")["reason"] == "unreadable_code"
    assert driver.status["waiting"] == 0


def test_a_typed_number_waits_for_the_server(village: Village, phone: Phone) -> None:
    driver = phone(village)
    driver.cut()
    answer = driver.scan(village.number(1))
    assert (answer["title"], answer["verified"], answer["passes"]) == ("Noté hors ligne, à confirmer", False, 1)
    driver.settle()
    assert driver.states() == ["confirmed"]


def test_two_phones_take_the_same_pass_off_line_and_one_is_refused(village: Village, phone: Phone) -> None:
    first, second = phone(village), phone(village)
    code = village.code(1, 3)
    for driver in (first, second):
        driver.cut()
        assert driver.scan(code)["outcome"] == "waiting"
    first.settle()
    second.settle()
    assert first.states() == ["confirmed"]
    (refused,) = second.today()
    assert (refused["state"], refused["late"], refused["reason"]) == ("refused", True, "already_used")
    assert refused["title"] == "Refusé au retour du réseau : ce pass ne sera pas payé"
    assert refused["sentence"].startswith("Ce pass a déjà été utilisé le")
    assert second.status["lateRefusals"] == 1
    second.call("acknowledge", refused["id"])
    assert second.status["lateRefusals"] == 0
    assert live_redemptions() == 1


def answered_then_dropped(route: Route) -> None:
    route.fetch()
    route.abort()


def in_trouble(route: Route) -> None:
    route.fulfill(status=500, body="<h1>Erreur</h1>", content_type="text/html")


def overloaded(route: Route) -> None:
    route.fulfill(status=502, body="Bad Gateway", content_type="text/plain")


def too_often(route: Route) -> None:
    problem = '{"type":"urn:poincon:problem:too_many_requests","code":"too_many_requests","status":429}'
    route.fulfill(status=429, body=problem, content_type="application/problem+json", headers={"Retry-After": "1"})


def captive(route: Route) -> None:
    route.fulfill(status=200, body=PORTAL, content_type="text/html")


def json_of_somebody_else(route: Route) -> None:
    route.fulfill(status=200, body='{"results":[]}', content_type="application/json")


@pytest.mark.parametrize(
    "trouble", [answered_then_dropped, in_trouble, overloaded, too_often, captive, json_of_somebody_else]
)
def test_no_scan_is_lost_nor_counted_twice(village: Village, phone: Phone, trouble: Callable[[Route], None]) -> None:
    driver = phone(village)
    driver.answering("scans", trouble)
    answers = [driver.scan(village.code(1, position)) for position in (1, 2)]
    assert {answer["outcome"] for answer in answers} == {"waiting"}
    assert driver.status["waiting"] == 2
    driver.leave_alone()
    driver.call("sync")
    driver.wait_until("!s.waiting")
    assert driver.states() == ["confirmed", "confirmed"]
    assert (live_redemptions(), scans_kept()) == (2, 2)


def test_the_queue_leaves_though_the_state_does_not_arrive(village: Village, phone: Phone) -> None:
    driver = phone(village)
    driver.cut()
    driver.scan(village.code(1, 3))
    driver.answering("scanner/state**", in_trouble)
    driver.connect()
    driver.call("sync")
    driver.wait_until("!s.waiting")
    assert driver.states() == ["confirmed"]


def test_an_answer_asked_for_before_the_cut_does_not_hide_it(village: Village, phone: Phone) -> None:
    driver = phone(village)
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        held.append((route, route.fetch()))
        driver.page.evaluate("() => { window.held = true; }")

    driver.answering("scanner/state**", hold, times=1)
    driver.page.evaluate("() => { window.engine.sync(); }")
    driver.page.wait_for_function("() => window.held")
    driver.cut()
    route, answer = held[0]
    route.fulfill(response=answer)
    driver.wait_until("!s.syncing")
    assert not driver.status["online"]
    driver.settle()


def test_a_scan_that_a_server_cannot_digest_holds_back_no_other(village: Village, phone: Phone) -> None:
    driver = phone(village)
    driver.cut()
    answers = [driver.scan(village.code(1, position)) for position in range(1, 11)]
    poison = answers[4]["id"]

    def fail_with_it(route: Route) -> None:
        route.continue_() if poison not in (route.request.post_data or "") else in_trouble(route)

    driver.answering("scans", fail_with_it)
    driver.connect()
    for _ in range(4):
        driver.call("sync")
    driver.wait_until("s.waiting === 1")
    assert live_redemptions() == 9
    driver.leave_alone()
    driver.call("sync")
    driver.wait_until("!s.waiting")
    assert live_redemptions() == 10


def test_an_undo_that_waits_leaves_before_the_next_scan_of_its_booklet(village: Village, phone: Phone) -> None:
    driver = phone(village)
    punched = driver.scan(village.code(1, 3))
    driver.answering("scans/*/annul", captive, times=1)
    driver.call("undo", punched["id"])
    driver.call("sync")
    assert driver.scan(village.code(1, 3))["outcome"] == "accepted"
    assert live_redemptions() == 1


def test_a_refusal_given_here_is_undone_should_the_server_have_said_yes(village: Village, phone: Phone) -> None:
    """The state says used, an annulment since says not, and the answer of the server is lost."""
    driver = phone(village)
    other = phone(village)
    used = other.scan(village.code(1, 3))
    driver.call("sync")
    other.call("undo", used["id"])
    driver.answering("scans", answered_then_dropped, times=1)
    assert driver.scan(village.code(1, 3))["reason"] == "already_used"
    assert driver.status["waiting"] == 0
    driver.call("sync")
    driver.call("sync")
    assert driver.states() == ["refused"]
    assert live_redemptions() == 0
    assert Scan.objects.filter(accepted=True).count() == 2


def test_an_undo_off_line_waits_and_frees_the_pass(village: Village, phone: Phone) -> None:
    driver = phone(village)
    driver.cut()
    first = driver.scan(village.code(1, 3))
    undone = driver.call("undo", first["id"])
    assert (undone["state"], undone["title"]) == ("annulled", "Annulation notée, sera confirmée")
    again = driver.scan(village.code(1, 3))
    assert (again["outcome"], again["again"]) == ("waiting", False)
    driver.settle()
    assert driver.states() == ["annulled", "confirmed"]
    assert (live_redemptions(), scans_kept()) == (1, 2)


def test_an_undo_on_line_is_confirmed_at_once(village: Village, phone: Phone) -> None:
    driver = phone(village)
    undone = driver.call("undo", driver.scan(village.code(1, 3))["id"])
    assert (undone["state"], undone["title"]) == ("annulled", "Poinçon annulé")
    assert live_redemptions() == 0


def test_one_device_holds_no_more_than_the_programme_allows(phone: Phone) -> None:
    village = make_village(offline_max_passes=2)
    driver = phone(village)
    driver.cut()
    reasons = [driver.scan(village.code(1, position))["reason"] for position in (1, 2, 3)]
    assert reasons == [None, None, "offline_queue_full"]
    driver.settle()
    assert live_redemptions() == 2


def test_a_programme_that_wants_no_queue_gets_none(phone: Phone) -> None:
    village = make_village(offline_max_days=0)
    driver = phone(village)
    driver.cut()
    assert driver.scan(village.code(1, 1))["reason"] == "offline_not_allowed"
    driver.connect()
    driver.call("sync")
    assert driver.scan(village.code(1, 2))["outcome"] == "accepted"
