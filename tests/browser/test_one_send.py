"""A form leaves once, whatever the finger: what was pressed twice is not sent twice."""

from playwright.sync_api import Page

from tests.browser.conftest import PHONE, Open

#: Presses the button of a form that goes nowhere; answers whether each press would have sent it.
PRESS = """(form) => {
  const sent = [];
  const look = (event) => { sent.push(!event.defaultPrevented); event.preventDefault(); };
  window.addEventListener("submit", look);
  form.querySelector("[type=submit]").click();
  form.querySelector("[type=submit]").click();
  window.removeEventListener("submit", look);
  return sent;
}"""


def pressed_twice(page: Page, form: str) -> list[bool]:
    sent: list[bool] = page.locator(form).first.evaluate(PRESS)
    return sent


def test_the_second_press_sends_nothing(open_page: Open) -> None:
    page = open_page("/connexion/", size=PHONE)
    assert pressed_twice(page, "main form[method=post]") == [True, False]


def test_back_on_the_page_it_may_be_sent_again(open_page: Open) -> None:
    page = open_page("/connexion/", size=PHONE)
    pressed_twice(page, "main form[method=post]")
    page.evaluate("window.dispatchEvent(new Event('pageshow'))")
    assert pressed_twice(page, "main form[method=post]") == [True, False]


def test_a_search_is_asked_as_often_as_one_likes(open_page: Open) -> None:
    page = open_page("/aide/", size=PHONE)
    page.evaluate(
        "document.querySelector('main').innerHTML = '<form method=get><button type=submit>Chercher</button></form>'"
    )
    assert pressed_twice(page, "main form") == [True, True]
