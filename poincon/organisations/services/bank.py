"""Where an organisation is paid."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel import audit, vault
from poincon.kernel.refusals import Refusal
from poincon.kernel.texts import text_for
from poincon.organisations import permissions
from poincon.organisations.actors import Actor
from poincon.organisations.models import BankAccount, Organisation
from poincon.organisations.rules import valid_account

PURPOSE = "iban"
HOLDER_MISSING = Refusal(
    "organisations.holder_missing",
    _("Titulaire : il manque."),
    _("Recopiez le nom du titulaire qui figure sur le relevé d’identité bancaire (RIB)."),
)


@transaction.atomic
def set_bank_account(
    *, by: Actor, organisation: Organisation, holder: str, iban: str, bic: str = "", now: datetime | None = None
) -> BankAccount:
    """Record the account an organisation is paid on from now on; the one before is closed, and kept.

    The IBAN is encrypted and never written in the journal. Raises a refusal that names the wrong field.
    """
    by.require(permissions.SET_BANK_ACCOUNT, organisation_id=organisation.pk)
    # 70 characters: the longest name a SEPA payment carries.
    name = text_for(BankAccount, "holder", holder)
    if not name:
        raise HOLDER_MISSING.filled()
    number, bank = valid_account(iban, bic)
    now = now or timezone.now()
    Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=organisation.pk)
    before = organisation.bank_accounts.filter(ended_at=None).first()
    organisation.bank_accounts.filter(ended_at=None).update(ended_at=now)
    account = BankAccount.objects.create(
        organisation=organisation,
        holder=name,
        iban_locked=vault.lock_away(number.encode(), purpose=PURPOSE),
        iban_end=number[-4:],
        bic=bank,
        recorded_by=by.user,
        recorded_at=now,
    )
    audit.record(by, "organisations.set_bank_account", organisation, before=_picture(before), after=_picture(account))
    return account


def iban_of(account: BankAccount) -> str:
    """The whole IBAN, for a payment file only."""
    return vault.take_out(account.iban_locked, purpose=PURPOSE).decode()


def _picture(account: BankAccount | None) -> dict[str, object]:
    return {"holder": account.holder, "iban_end": account.iban_end, "bic": account.bic} if account else {}
