"""The journal says what was done, to whom, and what changed, in words: no code, no key, no cents."""

import re
from pathlib import Path

import pytest
from django.test import Client

import poincon
from poincon.kernel.models import AuditEntry
from poincon.organisations.enums import Role
from poincon.www.funder.journal import ACTIONS
from poincon.www.funder.journal_words import details
from tests.world.standing import Standing
from tests.world.story import Person
from tests.www.coordinator.network import said

URL = "/commanditaire/journal/"
RECORDED = re.compile(r"""(?:record|note|_note|_record|_record_role)\(\s*by,\s*"([a-z_]+\.[a-z_]+)\"""")
#: Kept without a programme: no journal of a programme shows them.
OF_THE_SERVICE = {
    *("key.rotate", "key.revoke"),
    *(
        f"organisations.{verb}"
        for verb in (
            *("create_organisation", "update_organisation", "add_site"),
            *("create_user", "update_person", "close_account", "reopen_account", "send_mail_again"),
            *("enrol_device", "revoke_device"),
        )
    ),
}


def entry(subject: str, *, before: dict[str, object] | None = None, **after: object) -> AuditEntry:
    return AuditEntry(subject=subject, before=before or {}, after=after)


def test_everything_that_is_recorded_has_its_words() -> None:
    sources = Path(poincon.__file__).parent.rglob("*.py")
    recorded = {action for path in sources for action in RECORDED.findall(path.read_text())}
    assert len(recorded) > 30
    assert recorded - OF_THE_SERVICE <= set(ACTIONS)


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        (entry("passes.batch", value=400000), "valeur : 4\N{NARROW NO-BREAK SPACE}000\N{NO-BREAK SPACE}€"),
        (entry("network.qualification", valid_from="2026-09-01", valid_until=None), "à partir du : 1er septembre 2026"),
        (entry("settlement.paymentbatch", state="prepared", method="public_accountant"), "état : préparé"),
        (entry("settlement.payment", before={"state": "waiting"}, state="rejected"), "état : en attente → rejeté"),
        (entry("programmes.programme", month="2026-10", statements=2), "mois : octobre 2026 ; relevés : 2"),
        (entry("programmes.programme", before={"required_cover_bp": 10000}, required_cover_bp=8000), "→ 80"),
        (
            entry("organisations.invitation", email="a@essai.example", organisation=10, role="prescriber"),
            "prescripteur",
        ),
        (entry("passes.transfer", before={"reason": "x"}, reason="x"), ""),
    ],
)
def test_details_are_words(kept: AuditEntry, told: str) -> None:
    assert told.replace("\N{NARROW NO-BREAK SPACE}", " ") in details(kept).replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "10 ;" not in details(kept)


def test_a_name_that_nobody_wrote_down_is_still_shown() -> None:
    assert details(entry("passes.batch", new_thing="a")) == "new thing : a"


def test_what_is_known_of_a_person_stays_with_who_knows_her() -> None:
    assert details(entry("beneficiaries.casefile", changed=["name"])) == ""


@pytest.mark.django_db
class TestThePage:
    def page(self, client: Client) -> str:
        """Every page of the journal, one after the other."""
        first = client.get(URL)
        pages = first.context["listing"].pages.total
        return " ".join([said(first), *(said(client.get(URL, {"page": rank})) for rank in range(2, pages + 1))])

    def test_it_names_whom_and_what_each_entry_is_about(self, full: Standing) -> None:
        page = self.page(full.client(Person(Role.FUNDER)))
        for told in ("Convention de prescripteur CCAS de Guéret", "Opérateur qualifié La Quincaillerie"):
            assert told in page
        assert re.search(r"Ordre n° \d", page)

    def test_it_tells_the_roles_given_for_every_programme(self, full: Standing) -> None:
        page = said(full.client(Person(Role.FUNDER)).get(f"{URL}?action=organisations.grant_role"))
        assert "Denis Roche, Département témoin" in page
        assert "Denis Roche d’Ailleurs" not in page

    def test_it_tells_that_the_account_which_pays_changed(self, full: Standing) -> None:
        page = said(full.client(Person(Role.FUNDER)).get(f"{URL}?action=organisations.set_bank_account"))
        assert "Compte bancaire changé Département témoin" in page
        assert "titulaire : Département témoin" in page
        assert "Région voisine" not in page

    def test_it_shows_no_code(self, full: Standing) -> None:
        page = self.page(full.client(Person(Role.FUNDER)))
        for code in ("valid_from", "in_stock", "public_accountant", "expires_at", "T08:", "+00:00", "www"):
            assert code not in page
