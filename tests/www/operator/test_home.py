from datetime import timedelta

import pytest
from django.utils import timezone

from poincon.network.enums import TrainingKind
from poincon.network.models import Qualification, TrainingRecord
from poincon.organisations.enums import Role
from tests.factories import Scheme, make_qualification, make_scheme
from tests.www.operator.conftest import Counter, Enter
from tests.www.operator.test_punching import page_of
from tests.www.reading import as_shown

pytestmark = pytest.mark.django_db


def test_the_home_has_one_big_action_and_the_day_with_its_undo(counter: Counter) -> None:
    counter.punch()
    page = page_of(counter.client.get("/mediation/"))
    assert page.count("big-action-label") == 1
    assert '<a class="big-action" href="/scanner/">' in page
    assert as_shown(counter.number) in page
    assert 'name="retour" value="accueil"' in page


def test_the_month_so_far_is_added_up(counter: Counter) -> None:
    counter.punch()
    page = page_of(counter.client.get("/mediation/"))
    assert "10\N{NO-BREAK SPACE}€" in page
    assert "pass poinçonnés" in page


def test_a_programme_of_hours_speaks_of_time_not_of_money(enter: Enter, scheme: Scheme) -> None:
    type(scheme.programme).objects.update(unit_value=0)
    page = page_of(enter(Role.MEDIATOR).get("/mediation/"))
    assert "d’accompagnement" in page
    assert "à vous payer" not in page


def test_nothing_yet_teaches(enter: Enter) -> None:
    assert "Rien n’est encore poinçonné aujourd’hui" in page_of(enter(Role.MEDIATOR).get("/mediation/"))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"withdrawn_on": timezone.localdate()}, "n’est pas qualifiée aujourd’hui"),
        ({"valid_until": timezone.localdate() + timedelta(days=20)}, "Votre qualification prend fin le"),
        ({"valid_from": timezone.localdate() + timedelta(days=20)}, "Votre qualification commence le"),
    ],
    ids=["withdrawn", "ends soon", "to come"],
)
def test_what_stops_one_from_punching_is_said(
    enter: Enter, scheme: Scheme, change: dict[str, object], sentence: str
) -> None:
    Qualification.objects.filter(operator=scheme.operator).update(**change)
    assert sentence in page_of(enter(Role.MEDIATOR).get("/mediation/"))


def test_a_training_still_to_follow_is_said_until_it_is_done(counter: Counter) -> None:
    type(counter.scheme.programme).objects.update(mediator_training_required=True)
    assert "demande une formation" in page_of(counter.client.get("/mediation/"))
    TrainingRecord.objects.create(
        user=counter.user,
        programme=counter.scheme.programme,
        kind=TrainingKind.MEDIATOR,
        done_on=timezone.localdate(),
    )
    assert "demande une formation" not in page_of(counter.client.get("/mediation/"))


def test_the_qualification_page_tells_each_programme_and_its_cover(enter: Enter, scheme: Scheme) -> None:
    beside = make_scheme(name="Pass des seniors", ends_on=scheme.programme.ends_on).programme
    make_qualification(scheme.operator, beside, withdrawn_on=timezone.localdate())
    page = page_of(enter(Role.MEDIATOR).get("/mediation/qualification/"))
    assert "qualifiée" in page
    assert "retirée" in page
    assert "Couverture" in page


def test_a_prescriber_has_another_home(enter: Enter) -> None:
    assert enter(Role.PRESCRIBER).get("/mediation/").status_code == 403
