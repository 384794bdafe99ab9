"""On line: the server's answer, given as it is."""

from poincon.programmes.models import Programme
from poincon.programmes.services import touch_rules
from tests.browser.scanner.conftest import Phone
from tests.browser.scanner.driving import Driver
from tests.browser.scanner.village import Village, live_redemptions, make_village, scans_kept


def take_away(driver: Driver) -> None:
    """The code was out of sight for long: seen again, it is another gesture."""
    driver.page.evaluate("() => window.engine.scanning.seen.clear()")


def test_a_pass_is_punched_on_line(village: Village, phone: Phone) -> None:
    driver = phone(village)
    answer = driver.scan(village.code(1, 3))
    assert (answer["outcome"], answer["state"], answer["title"]) == ("accepted", "confirmed", "Accepté, reste 9")
    assert (answer["number"], answer["positions"], answer["cents"]) == (village.number(1, 3), [3], 1000)
    assert live_redemptions() == 1


def test_a_cover_takes_as_many_as_was_chosen_once(phone: Phone) -> None:
    village = make_village(price=3)
    driver = phone(village)
    driver.call("setContext", village.context | {"passes": 2})
    assert driver.scan(village.code(1))["positions"] == [1, 2]
    assert driver.scan(village.code(2), 3)["positions"] == [1, 2, 3]
    assert driver.scan(village.code(2, 9))["positions"] == [9]


def test_a_code_is_read_without_being_used(phone: Phone) -> None:
    village = make_village(price=3)
    driver = phone(village)
    cover = driver.call("read", village.code(1))
    assert (cover["kind"], cover["number"], cover["price"], cover["left"]) == ("cover", village.number(1), 3, 10)
    assert (cover["most"], cover["bound"]) == (3, "price")
    assert driver.call("read", village.code(1, 4))["kind"] == "pass"
    assert driver.call("read", village.number(1))["kind"] == "number"
    wrong = driver.call("read", "4829 1570 365Q")
    assert (wrong["kind"], wrong["reason"]) == ("unreadable", "wrong_check_character")
    assert scans_kept() == 0


def test_no_more_passes_are_offered_than_may_be_punched(phone: Phone) -> None:
    village = make_village(price=3, max_passes_per_session=None)
    driver = phone(village)
    driver.scan(village.code(1), 2)
    cover = driver.call("read", village.code(1))
    assert (cover["left"], cover["most"], cover["bound"]) == (8, 1, "session")
    driver.scan(village.code(1), 1)
    assert driver.call("read", village.code(1))["most"] == 0
    Programme.objects.update(max_passes_per_session=9, max_passes_per_day=4)
    touch_rules(village.scheme.programme.pk)
    driver.call("sync")
    cover = driver.call("read", village.code(1))
    assert (cover["most"], cover["bound"]) == (1, "day")
    take_away(driver)
    assert driver.scan(village.code(1), 1)["outcome"] == "accepted"
    take_away(driver)
    assert driver.scan(village.code(1), 1)["reason"] == "day_ceiling"


def test_a_punch_of_the_second_of_the_state_is_still_news(village: Village, phone: Phone) -> None:
    """The date of an answer names a whole second: a state of the same second may be older than the punch."""
    driver = phone(village)
    driver.scan(village.code(1, 3))
    driver.page.evaluate(
        """() => {
            const { state, records } = window.engine.core;
            state.version = [...records.values()][0].settled + 400;
        }"""
    )
    assert driver.call("read", village.code(1))["left"] == 9
    driver.cut()
    assert driver.scan(village.number(1, 3))["reason"] == "already_used"


def test_a_booklet_nearly_used_up_offers_what_is_left(phone: Phone) -> None:
    village = make_village(price=3)
    driver = phone(village)
    for _ in range(3):
        take_away(driver)
        assert driver.scan(village.code(1), 3)["outcome"] == "accepted"
    cover = driver.call("read", village.code(1))
    assert (cover["left"], cover["most"], cover["bound"]) == (1, 1, "left")


def test_a_number_is_verified_as_it_is_typed(village: Village, phone: Phone) -> None:
    driver = phone(village, enrolled=False)
    typed = driver.call("typed", "48291570")
    assert (typed["complete"], typed["right"], typed["written"], typed["missing"]) == (False, False, "4829 1570", 4)
    typed = driver.call("typed", "4829 1570-363q 07")
    assert (typed["complete"], typed["right"], typed["written"]) == (True, True, "4829 1570 363Q - 07")
    assert not driver.call("typed", "4829 1570 365Q")["right"]


def test_the_same_code_in_front_of_the_camera_is_one_punch(village: Village, phone: Phone) -> None:
    driver = phone(village)
    code = village.code(1, 3)
    first, again = driver.scan(code), driver.scan(code)
    assert again["again"]
    assert again["id"] == first["id"]
    assert scans_kept() == 1
