"""Every form of every page with bad input in every field: never a crash, never a silent yes, nothing typed lost."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import pytest
from django.db import transaction
from django.test import Client

from tests.site_map import Address, pages
from tests.visits import Visit, visits
from tests.world.standing import Standing
from tests.www.filling import BADS, Bad, filled_fields, is_lone_box, plausible, spoiled
from tests.www.reading import Field, Form, Reader, is_page, read

pytestmark = pytest.mark.django_db

#: Kept as they are in the page that answers: what was typed. Choices cannot hold what is not among them.
KEPT = frozenset({"text", "search", "textarea", "number", "email", "tel", "url", "date", "month"})


@pytest.fixture(scope="module")
def known() -> set[object]:
    """Forms already tried: the same menu, the same search stand on every page."""
    return set()


@pytest.mark.parametrize("address", pages(), ids=str)
def test_bad_input_is_answered_in_words(address: Address, full: Standing, known: set[object]) -> None:
    faults = [fault for visit in visits(address, full.world) for fault in try_page(visit, full, known)]
    assert not faults, "\n".join(faults)


def try_page(visit: Visit, full: Standing, known: set[object]) -> Iterator[str]:
    response = full.client(visit.person).get(visit.path)
    if not is_page(response):
        return
    for form in read(response).forms:
        target = urljoin(visit.path, form.action or visit.path)
        shape = (target.partition("?")[0], form.method, tuple(sorted(form.fields)))
        if shape not in known:
            known.add(shape)
            for fault in try_form(form, target, visit, full):
                yield f"{visit.path} as {visit.person}, form sent to {target}: {fault}"


def try_form(form: Form, target: str, visit: Visit, full: Standing) -> Iterator[str]:
    """Each bad value in all fields at once, then in each field that must refuse it, the others being plausible."""
    fields = [field for field in filled_fields(form) if not is_lone_box(field)]
    for bad in BADS:
        for chosen in [fields, *([field] for field in fields if bad.refused(field))]:
            if chosen:
                yield from judged(form, chosen, bad, send(form, target, spoiled(form, chosen, bad), visit, full))
    if fields:
        untouched = send(form, target, plausible(form), visit, full)
        if untouched.status_code >= 500:
            yield f"breaks with plausible values ({untouched.status_code})"


def send(form: Form, target: str, data: dict[str, Any], visit: Visit, full: Standing) -> Any:
    client: Client = full.client(visit.person)
    with transaction.atomic():
        response = client.get(target, data) if form.method == "get" else client.post(target, data)
        transaction.set_rollback(True)
    return response


def judged(form: Form, chosen: list[Field], bad: Bad, response: Any) -> Iterator[str]:
    names = ", ".join(field.name for field in chosen)
    if response.status_code >= 500:
        yield f"breaks when {names} is {bad} ({response.status_code})"
    if form.method == "get" or response.status_code >= 500:
        return
    refusing = [field for field in chosen if bad.refused(field)]
    if refusing and response.status_code in {302, 303}:
        yield f"says yes when {names} is {bad}"
    again = answered(form, response)
    for field in refusing if again else []:
        yield from judged_field(field, bad, again)


def answered(form: Form, response: Any) -> Form | None:
    """The same form in the page that answers, if there is one."""
    if not response.headers.get("Content-Type", "").startswith("text/html") or response.streaming:
        return None
    page = Reader(response.content.decode())
    return next((one for one in page.forms if set(one.fields) >= set(form.fields)), None)


def judged_field(field: Field, bad: Bad, again: Form | None) -> Iterator[str]:
    shown = again.fields[field.name] if again else field
    if not shown.is_wrong:
        yield f"{field.name} does not say that it is wrong when it is {bad}"
    if field.kind in KEPT and "\x00" not in bad.value and shown.values != [bad.value] and bad.value:
        yield f"{field.name} has lost what was typed ({bad})"
