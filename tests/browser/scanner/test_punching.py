"""On line: the server's answer, given as it is."""

from tests.browser.scanner.conftest import Phone
from tests.browser.scanner.village import Village, live_redemptions, scans_kept


def test_a_pass_is_punched_on_line(village: Village, phone: Phone) -> None:
    driver = phone(village)
    answer = driver.scan(village.code(1, 3))
    assert (answer["outcome"], answer["state"], answer["title"]) == ("accepted", "confirmed", "Accepté, reste 9")
    assert (answer["number"], answer["positions"], answer["cents"]) == (village.number(1, 3), [3], 1000)
    assert live_redemptions() == 1


def test_the_same_code_in_front_of_the_camera_is_one_punch(village: Village, phone: Phone) -> None:
    driver = phone(village)
    code = village.code(1, 3)
    first, again = driver.scan(code), driver.scan(code)
    assert again["again"]
    assert again["id"] == first["id"]
    assert scans_kept() == 1
