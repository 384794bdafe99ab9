import pytest

from poincon.programmes.checks import Invalid
from poincon.programmes.edits import FIELDS, OPTIONAL, read_edits
from poincon.programmes.enums import IdentityLevel
from poincon.programmes.services.change import RuleChanges
from poincon.programmes.services.theme import ThemeChanges
from tests.factories import make_service


def test_the_keys_are_the_rules_that_may_change() -> None:
    assert set(FIELDS.values()) == (RuleChanges.__optional_keys__ | ThemeChanges.__optional_keys__) - {"logo"}
    assert set(OPTIONAL) <= set(FIELDS.values())


@pytest.mark.parametrize(
    ("assignment", "field", "value"),
    [
        ("name=Pass numérique", "name", "Pass numérique"),
        ('name="Pass"', "name", "Pass"),
        ("presentation.phone=3949", "phone", "3949"),
        ("passes.unit_value_euros=12.50", "unit_value", 1250),
        ("passes.required_cover_percent=80", "required_cover_bp", 8000),
        ("passes.booklet_sizes=[5, 10]", "booklet_sizes", [5, 10]),
        ("rules.max_passes_per_day = 2", "max_passes_per_day", 2),
        ("rules.direct_use=true", "direct_use", True),
        ("people.identity_level=contact", "identity_level", IdentityLevel.CONTACT),
    ],
)
def test_a_rule_is_read_as_in_the_file(assignment: str, field: str, value: object) -> None:
    rules, look = read_edits([assignment])
    assert {**rules, **look} == {field: value}


def test_a_ceiling_is_lifted() -> None:
    rules, look = read_edits([], unset=["rules.max_passes_per_day", "presentation.email"])
    assert (rules, look) == ({"max_passes_per_day": None}, {"email": ""})


@pytest.mark.django_db
def test_services_are_named_by_their_codes() -> None:
    service = make_service()
    assert read_edits([f'rules.services=["{service.code}"]'])[0] == {"services": [service]}
    with pytest.raises(Invalid, match="inconnu"):
        read_edits(['rules.services=["inconnu"]'])


@pytest.mark.parametrize(
    "assignment",
    [
        "rules.plafond=3",
        "passes.uses_passes=false",
        "starts_on=2026-01-01",
        "name",
        "passes.unit_value_euros=dix",
        "passes.unit_value_euros=1e400",
        "rules.direct_use=oui",
        "people.identity_level=inconnu",
        "people.evidence_until=demain",
        'rules.services="a"',
    ],
)
def test_a_wrong_rule_is_refused_by_its_key(assignment: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_edits([assignment])
    assert refusal.value.problems[0].where == assignment.partition("=")[0]


def test_what_always_has_a_value_is_not_emptied() -> None:
    with pytest.raises(Invalid):
        read_edits([], unset=["passes.grace_days"])
