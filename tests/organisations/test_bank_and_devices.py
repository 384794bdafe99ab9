import random

import pytest

from poincon.kernel.models import AuditEntry
from poincon.kernel.refusals import Refusal
from poincon.organisations.devices import recognise, token_digest
from poincon.organisations.enums import Role
from poincon.organisations.rules import device_token
from poincon.organisations.services import enrol_device, iban_of, revoke_device, set_bank_account
from tests.factories import NOW, SYSTEM, make_actor, make_membership, make_organisation, make_user
from tests.organisations.test_rules import refused

pytestmark = pytest.mark.django_db

IBAN = "FR7630006000011234567890189"
OTHER_IBAN = "FR1420041010050500013M02606"


def test_the_iban_is_encrypted_and_only_its_end_is_shown() -> None:
    account = set_bank_account(by=SYSTEM, organisation=make_organisation(), holder=" Tiers-lieu ", iban=IBAN)
    assert (account.holder, account.iban_end, account.bic) == ("Tiers-lieu", "0189", "AGRIFRPPXXX")
    assert IBAN not in account.iban_locked
    assert iban_of(account) == IBAN


def test_the_journal_never_holds_an_iban() -> None:
    organisation = make_organisation()
    set_bank_account(by=SYSTEM, organisation=organisation, holder="A", iban=IBAN)
    set_bank_account(by=SYSTEM, organisation=organisation, holder="A", iban=OTHER_IBAN)
    entry = AuditEntry.objects.filter(action="organisations.set_bank_account").latest("pk")
    assert (entry.before["iban_end"], entry.after["iban_end"]) == ("0189", "2606")
    assert IBAN not in str(entry.before) + str(entry.after)


def test_the_account_before_is_closed_and_kept() -> None:
    organisation = make_organisation()
    first = set_bank_account(by=SYSTEM, organisation=organisation, holder="A", iban=IBAN)
    second = set_bank_account(by=SYSTEM, organisation=organisation, holder="A", iban=OTHER_IBAN, now=NOW)
    first.refresh_from_db()
    assert first.ended_at == NOW
    assert organisation.bank_accounts.get(ended_at=None) == second


def test_an_account_has_a_holder() -> None:
    with refused("holder_missing"):
        set_bank_account(by=SYSTEM, organisation=make_organisation(), holder=" ", iban=IBAN)
    with pytest.raises(Refusal, match="Titulaire : 71 caractères, le maximum est 70"):
        set_bank_account(by=SYSTEM, organisation=make_organisation(), holder="x" * 71, iban=IBAN)


def test_who_may_change_where_an_organisation_is_paid() -> None:
    operator = make_organisation()
    manager = make_actor(Role.OPERATOR_MANAGER, operator)
    assert set_bank_account(by=manager, organisation=operator, holder="A", iban=IBAN).recorded_by == manager.user
    for by in (make_actor(Role.MEDIATOR, operator), make_actor(Role.OPERATOR_MANAGER, make_organisation())):
        with pytest.raises(Refusal, match="droit"):
            set_bank_account(by=by, organisation=operator, holder="A", iban=OTHER_IBAN)


def test_a_token_is_shown_once_and_kept_as_a_digest() -> None:
    operator = make_organisation()
    mediator = make_actor(Role.MEDIATOR, operator)
    device, token = enrol_device(by=mediator, operator=operator, label="Accueil")
    assert token.startswith("poincon_")
    assert len(token) == len("poincon_") + 43
    assert device.token_digest == token_digest(token)
    scanner = recognise(token)
    assert scanner is not None
    assert (scanner.device_id, scanner.operator_id) == (device.pk, operator.pk)


def test_the_secret_of_a_token_may_be_given_and_is_new_otherwise() -> None:
    operator = make_organisation()
    mediator = make_actor(Role.MEDIATOR, operator)
    _, foreseen = enrol_device(by=mediator, operator=operator, label="A", random_bytes=random.Random(1).randbytes)
    assert foreseen == device_token(random.Random(1).randbytes(32))
    tokens = {enrol_device(by=mediator, operator=operator, label="B")[1] for _ in range(3)}
    assert len(tokens | {foreseen}) == 4


def test_only_the_team_enrols_and_in_its_own_name() -> None:
    operator = make_organisation()
    mediator, colleague = make_actor(Role.MEDIATOR, operator), make_actor(Role.MEDIATOR, operator)
    with refused("not_of_the_team"):
        enrol_device(by=mediator, operator=operator, label="A", for_user=colleague.user)
    for by in (make_actor(), make_actor(Role.MEDIATOR, make_organisation())):
        with pytest.raises(Refusal, match="droit"):
            enrol_device(by=by, operator=operator, label="A")


def test_the_system_names_somebody_of_the_team() -> None:
    operator = make_organisation()
    member = make_membership(Role.OPERATOR_MANAGER, operator).user
    assert enrol_device(by=SYSTEM, operator=operator, label="A", for_user=member)[0].enrolled_by == member
    for user in (None, make_user()):
        with refused("not_of_the_team"):
            enrol_device(by=SYSTEM, operator=operator, label="A", for_user=user)


def test_a_device_has_a_name_and_an_operator() -> None:
    operator = make_organisation()
    member = make_membership(Role.MEDIATOR, operator).user
    with refused("device_label_missing"):
        enrol_device(by=SYSTEM, operator=operator, label=" ", for_user=member)
    operator.is_operator, operator.is_prescriber = False, True
    operator.save()
    with refused("not_an_operator"):
        enrol_device(by=SYSTEM, operator=operator, label="A", for_user=member)


def test_a_revoked_device_is_no_longer_recognised() -> None:
    operator = make_organisation()
    mediator = make_actor(Role.MEDIATOR, operator)
    device, token = enrol_device(by=mediator, operator=operator, label="A")
    for by in (make_actor(), make_actor(Role.MEDIATOR, make_organisation())):
        with pytest.raises(Refusal, match="droit"):
            revoke_device(by=by, device=device)
    assert revoke_device(by=mediator, device=device, now=NOW).revoked_at == NOW
    assert revoke_device(by=mediator, device=device).revoked_at == NOW
    assert recognise(token) is None
