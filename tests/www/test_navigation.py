"""The menu of each role: what it may open, and where one is."""

import pytest
from django.urls import reverse

from poincon.organisations.enums import PROGRAMME_ROLES, Role
from poincon.organisations.models import Membership
from poincon.programmes.models import Programme
from poincon.www.base.hats import Hat
from poincon.www.base.icons import ICONS
from poincon.www.base.navigation import AUDIENCES, Entry, declare_audience, home_of, menu

every_role = pytest.mark.parametrize("role", list(Role))


def hat(role: Role) -> Hat:
    return Hat(Membership(role=role), (), None)


def looking(role: Role) -> Hat:
    """The same, looking at a programme."""
    return Hat(Membership(role=role), (), Programme(name="Le premier"))


@every_role
def test_every_role_has_a_home_and_a_menu_that_begins_with_it(role: Role) -> None:
    lines = menu(hat(role), home_of(role))
    assert lines[0].url == home_of(role)
    assert [line.current for line in lines].count(True) == 1
    assert lines[0].current


@pytest.mark.parametrize("role", sorted(PROGRAMME_ROLES))
def test_who_steers_no_programme_yet_has_only_a_home(role: Role) -> None:
    assert [line.url for line in menu(hat(role), "/")] == [home_of(role)]
    assert len(menu(looking(role), "/")) > 1


@every_role
def test_a_menu_holds_only_what_its_role_may_open(role: Role) -> None:
    shown = {line.url for line in menu(looking(role), "/")}
    closed = {
        reverse(entry.url_name)
        for entry in AUDIENCES[role].entries
        if entry.right is not None and role not in entry.right.roles
    }
    assert not shown & closed


@every_role
def test_every_line_has_a_known_icon_and_no_address_twice(role: Role) -> None:
    lines = menu(looking(role), "/")
    assert {line.icon for line in lines} <= {"", *ICONS}
    assert len({line.url for line in lines}) == len(lines)


def test_a_page_under_a_line_makes_it_current() -> None:
    lines = menu(hat(Role.ADMINISTRATOR), f"{reverse('style')}liste/")
    assert [line.url for line in lines if line.current] == [reverse("style")]


def test_no_line_is_current_elsewhere() -> None:
    assert not any(line.current for line in menu(hat(Role.ADMINISTRATOR), "/travaux/"))


def test_a_role_has_one_home() -> None:
    with pytest.raises(ValueError, match="have a home already"):
        declare_audience(Role.FUNDER, home="home", entries=[Entry("Accueil", "home")])
