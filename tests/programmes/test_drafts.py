"""A programme being prepared keeps all that is typed, right or wrong."""

import pytest

from poincon.programmes.services import keep_draft, start_draft
from tests.factories import SYSTEM, make_organisation

pytestmark = pytest.mark.django_db


def test_what_no_database_keeps_is_left_out_and_the_rest_stays() -> None:
    owner = make_organisation(is_funder=True)
    draft = start_draft(by=SYSTEM, organisation=owner, answers={"publics": {"rows": [{"public": "a\0b"}]}}, name="x\0y")
    draft = keep_draft(by=SYSTEM, draft=draft, step="identite", answers={"seen": True, "fields": {"nom": "\0Pass"}})
    draft.refresh_from_db()
    assert draft.name == "xy"
    assert draft.answers == {
        "publics": {"rows": [{"public": "ab"}]},
        "identite": {"seen": True, "fields": {"nom": "Pass"}},
    }
