"""Every page of the site map as text: a browser sees the rest (tests/browser)."""

import re
from collections import defaultdict
from typing import Any

import pytest

from tests.site_map import EMBEDDED, Address, known_pages, pages
from tests.visits import Visit, visits
from tests.weight import LIMIT_KB, kilobytes, linked_files
from tests.world.standing import Standing
from tests.www.reading import Reader, is_page, read

pytestmark = pytest.mark.django_db

each_page = pytest.mark.parametrize("address", pages(), ids=str)
#: A value that nobody thought of, shown to a person.
UNSAID = re.compile(r"\bNone\b|\{\{|\{%|<(?:Queryset|object)|\bnan\b", re.IGNORECASE)
#: The page of components shows how templates are written.
LIVING = {"style"}
#: The home of a site with one programme is the page of that programme.
TWINS = {"welcome"}
#: The scanner and the maps may weigh more: a page says so.
NEEDS_SCRIPTS = re.compile("data-needs-scripts|data-map")
#: What an address answers to GET when it is not a page: sent elsewhere, method refused, nothing there.
NOT_PAGES = {301, 302, 404, 405}


#: The title of each visit already made, None where there is no page: no page is opened twice to be read twice.
Titles = dict[Visit, str | None]


@pytest.fixture(scope="module")
def titles(stands: Standing) -> Titles:
    return {}


def open_it(visit: Visit, stands: Standing, titles: Titles) -> tuple[Any, Reader | None]:
    """The answer, and the page in it if it is one; its title is kept."""
    response = stands.client(visit.person).get(visit.path)
    page = read(response) if is_page(response) else None
    titles[visit] = page.title.strip() if page else None
    return response, page


@each_page
def test_a_page_is_whole(address: Address, stands: Standing, titles: Titles) -> None:
    for visit in visits(address, stands.world):
        response, page = open_it(visit, stands, titles)
        if page and address.name not in {*EMBEDDED, *LIVING}:
            assert faults_of(response, page) == [], f"{visit.path} as {visit.person}"
        elif not page:
            assert response.status_code in {200, *NOT_PAGES}, f"{visit.path} as {visit.person}"


def faults_of(response: Any, page: Reader) -> list[str]:
    text = " ".join(page.words)
    faults = [*page.faults, *(f"“{found}” is shown" for found in set(UNSAID.findall(text)))]
    faults += ["no language"] * (not page.language)
    faults += ["no title"] * (not page.title.strip(" –\n"))
    faults += [f"{page.headings.count(1)} main headings"] * (page.headings.count(1) != 1)
    html = response.content.decode()
    weight = kilobytes(response.content, linked_files(html))
    faults += [f"{weight:.0f} kB at the first load"] * (weight > LIMIT_KB and not NEEDS_SCRIPTS.search(html))
    faults += [
        f"the form sent to {form.action or 'itself'} carries no token"
        for form in page.forms
        if form.method == "post" and "csrfmiddlewaretoken" not in form.fields
    ]
    return faults


def test_every_page_has_a_title_of_its_own(stands: Standing, titles: Titles) -> None:
    """Among the pages that one person opens: two roles may each have theirs for the same gesture."""
    routes: dict[tuple[str, str], set[str]] = defaultdict(set)
    for address in known_pages():
        # The first of each person: the page itself, not what a search or an error makes of it.
        for visit in {visit.person: visit for visit in reversed([*visits(address, stands.world)])}.values():
            if visit not in titles:
                open_it(visit, stands, titles)
            title = titles[visit]
            if title is not None and address.name not in {*EMBEDDED, *TWINS}:
                routes[str(visit.person), title].add(address.route.lower())
    assert {who: where for who, where in routes.items() if len(where) > 1} == {}
