"""A programme being prepared: kept as typed, created once, given up."""

from datetime import timedelta

import pytest

from poincon.organisations.actors import Actor
from poincon.organisations.enums import LegalForm, Role
from poincon.organisations.models import Organisation
from poincon.programmes.models import Programme, ProgrammeDraft
from poincon.programmes.services import create_from_draft, drop_draft, keep_draft, start_draft
from poincon.programmes.spec import ProgrammeSpec
from tests.factories import ENDS_ON, NOW, STARTS_ON, SYSTEM, make_actor, make_organisation
from tests.refusing import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Organisation:
    return make_organisation(legal_form=LegalForm.LOCAL_AUTHORITY, is_funder=True)


@pytest.fixture
def draft(owner: Organisation) -> ProgrammeDraft:
    return start_draft(by=SYSTEM, organisation=owner, answers={"pass": {"fields": {"valeur": "10"}}}, now=NOW)


def spec(owner: Organisation) -> ProgrammeSpec:
    return ProgrammeSpec("creuse", "Creuse", owner.siret, STARTS_ON, ENDS_ON, unit_value=1000, booklet_sizes=(10,))


def test_each_step_is_kept_and_the_others_stay(draft: ProgrammeDraft) -> None:
    later = NOW + timedelta(hours=1)
    kept = keep_draft(
        by=SYSTEM, draft=draft, step="identite", answers={"fields": {"nom": ""}}, name="Creuse", now=later
    )
    assert kept.answers == {"pass": {"fields": {"valeur": "10"}}, "identite": {"fields": {"nom": ""}}}
    assert (kept.name, kept.started_at, kept.changed_at) == ("Creuse", NOW, later)
    assert keep_draft(by=SYSTEM, draft=draft, step="pass", answers={}).name == "Creuse"


def test_it_is_created_once(draft: ProgrammeDraft, owner: Organisation) -> None:
    assert create_from_draft(by=SYSTEM, draft=draft, spec=spec(owner), now=NOW).name == "Creuse"
    assert not ProgrammeDraft.objects.exists()
    with refused("programmes.draft_gone"):
        create_from_draft(by=SYSTEM, draft=draft, spec=spec(owner), now=NOW)
    assert Programme.objects.count() == 1


def test_what_cannot_be_created_stays_a_draft(draft: ProgrammeDraft, owner: Organisation) -> None:
    with refused("programmes.invalid"):
        create_from_draft(by=SYSTEM, draft=draft, spec=ProgrammeSpec("", "", owner.siret, STARTS_ON, ENDS_ON), now=NOW)
    assert ProgrammeDraft.objects.get() == draft


def test_it_is_given_up(draft: ProgrammeDraft) -> None:
    drop_draft(by=SYSTEM, draft=draft)
    with refused("programmes.draft_gone"):
        keep_draft(by=SYSTEM, draft=draft, step="pass", answers={})


def test_a_colleague_of_the_owner_may_finish_it(draft: ProgrammeDraft, owner: Organisation) -> None:
    colleague = make_actor(Role.FUNDER, owner)
    assert keep_draft(by=colleague, draft=draft, step="pass", answers={}).answers == {"pass": {}}


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.ACCOUNTANT, None], ids=["observer", "accountant", "nobody"])
def test_others_of_the_owner_may_not(draft: ProgrammeDraft, owner: Organisation, role: Role | None) -> None:
    _may_not(make_actor(role, owner if role else None), draft, owner)


def test_another_funder_may_not(draft: ProgrammeDraft, owner: Organisation) -> None:
    _may_not(make_actor(Role.FUNDER, make_organisation(is_funder=True)), draft, owner)


def _may_not(by: Actor, draft: ProgrammeDraft, owner: Organisation) -> None:
    with refused("right_missing"):
        keep_draft(by=by, draft=draft, step="pass", answers={})
    with refused("right_missing"):
        drop_draft(by=by, draft=draft)
    with refused("right_missing"):
        start_draft(by=by, organisation=owner, answers={})
    with refused("right_missing"):
        create_from_draft(by=by, draft=draft, spec=spec(owner))
