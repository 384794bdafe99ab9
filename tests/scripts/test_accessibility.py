"""The public statement says what the tests do, no more: it is compared with them."""

from scripts import accessibility


def test_the_statement_is_the_one_of_the_tests() -> None:
    written = accessibility.FACTS.read_text(encoding="utf-8")
    assert written == accessibility.written(), "run make accessibility"


def test_the_rules_are_counted_in_the_source_of_axe() -> None:
    assert accessibility._rules(["wcag2a"]) > 30
    assert accessibility._rules(["nothing"]) == 0
