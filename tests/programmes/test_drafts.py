"""A programme being prepared keeps all that is typed, right or wrong."""

from datetime import date

import pytest

from poincon.kernel.refusals import Refusal
from poincon.programmes.models import Programme
from poincon.programmes.services import create_from_draft, drop_draft, keep_draft, load_catalogue, start_draft
from poincon.programmes.spec import ProgrammeSpec
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


def test_sent_twice_it_is_created_once() -> None:
    load_catalogue()
    owner = make_organisation(name="Département", is_funder=True)
    draft = start_draft(by=SYSTEM, organisation=owner, answers={}, name="Pass")
    spec = ProgrammeSpec(
        code="pass", name="Pass", owner="Département", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31),
        uses_passes=False, unit_value=0, unit_minutes=0, booklet_sizes=(),
    )  # fmt: skip
    made = [create_from_draft(by=SYSTEM, draft=draft, spec=spec) for _ in range(2)]
    assert made == [Programme.objects.get()] * 2
    for verb in (
        lambda: keep_draft(by=SYSTEM, draft=draft, step="identite", answers={}),
        lambda: drop_draft(by=SYSTEM, draft=draft),
    ):
        with pytest.raises(Refusal, match="déjà devenu le dispositif « Pass »"):
            verb()


def test_once_given_up_nothing_more_is_kept() -> None:
    draft = start_draft(by=SYSTEM, organisation=make_organisation(is_funder=True), answers={})
    drop_draft(by=SYSTEM, draft=draft)
    with pytest.raises(Refusal, match="abandonné"):
        keep_draft(by=SYSTEM, draft=draft, step="identite", answers={})
