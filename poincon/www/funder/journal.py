"""The journal of a programme, in sentences."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from poincon.kernel.documents.french import count
from poincon.kernel.models import AuditEntry
from poincon.kernel.refusals import Text
from poincon.organisations.models import Invitation, Membership, Organisation
from poincon.programmes.models import Programme
from poincon.programmes.permissions import SEE_JOURNAL
from poincon.www.base.about import about_programme
from poincon.www.base.forms import DayInput
from poincon.www.base.listing import Column, Filters, Kind, Listing, words_in
from poincon.www.base.parts import Empty
from poincon.www.funder.journal_subjects import named
from poincon.www.funder.journal_words import details

BANK_ACCOUNT = "organisations.set_bank_account"
#: What was done, in words. Whatever is not here shows its code: nothing is hidden.
ACTIONS: dict[str, Text] = {
    "batch.order": _("Lot commandé"),
    "batch.approve_proof": _("Bon à tirer validé"),
    "batch.print": _("Lot imprimé, entré en stock"),
    "batch.activate": _("Lot activé"),
    "batch.cancel": _("Lot annulé"),
    "batch.expire": _("Lot expiré"),
    "transfer.recall": _("Colis rappelé"),
    "transfer.resolve": _("Écart d’un colis clos"),
    "transfer.reopen": _("Écart d’un colis rouvert"),
    "passes.ask_booklets": _("Chéquiers demandés"),
    "passes.remind_holders": _("Relance de ceux dont les chéquiers dorment"),
    "passes.remind_receiver": _("Relance pour un colis"),
    "beneficiaries.update_case": _("Dossier corrigé"),
    "beneficiaries.transfer_case": _("Dossier confié à un autre prescripteur"),
    "mediation.open_venue": _("Lieu ouvert"),
    "mediation.update_venue": _("Lieu modifié"),
    "mediation.close_venue": _("Lieu fermé"),
    "mediation.reopen_venue": _("Lieu rouvert"),
    "mediation.offer_service": _("Service publié"),
    "mediation.end_offer": _("Service retiré d’un lieu"),
    "mediation.import_network": _("Réseau importé d’un tableau"),
    "network.qualify": _("Opérateur qualifié"),
    "network.suspend_qualification": _("Qualification suspendue"),
    "network.lift_suspension": _("Suspension levée"),
    "network.withdraw_qualification": _("Qualification retirée"),
    "network.agree_prescriber": _("Convention de prescripteur"),
    "network.end_agreement": _("Convention terminée"),
    "network.record_training": _("Formation suivie"),
    "organisations.grant_role": _("Rôle donné"),
    "organisations.change_role": _("Rôle changé"),
    "organisations.end_role": _("Rôle retiré"),
    "organisations.invite": _("Personne invitée"),
    "organisations.accept_invitation": _("Invitation acceptée"),
    "organisations.revoke_invitation": _("Invitation retirée"),
    "organisations.send_invitation_again": _("Invitation renvoyée"),
    BANK_ACCOUNT: _("Compte bancaire changé"),
    "programmes.create_programme": _("Dispositif créé"),
    "programmes.update_rules": _("Règles changées"),
    "programmes.update_theme": _("Apparence et contact changés"),
    "programmes.change_fundings": _("Parts des financeurs changées"),
    "programmes.correct_receipt": _("Versement corrigé"),
    "programmes.extend": _("Dispositif prolongé"),
    "programmes.suspend": _("Dispositif suspendu"),
    "programmes.move_start": _("Début déplacé"),
    "programmes.add_public": _("Public ajouté"),
    "programmes.update_public": _("Public modifié"),
    "programmes.end_public": _("Public arrêté"),
    "programmes.add_territory": _("Territoire ajouté"),
    "programmes.change_communes": _("Communes changées"),
    "programmes.rename_territory": _("Territoire renommé"),
    "programmes.remove_territory": _("Territoire retiré"),
    "programmes.add_local_service": _("Service local ajouté"),
    "programmes.retire_local_service": _("Service local retiré"),
    "programmes.set_lead_network": _("Tête de réseau changée"),
    "settlement.close_month": _("Mois arrêté"),
    "settlement.cancel_statement": _("Relevé annulé"),
    "settlement.prepare_payments": _("Paiement préparé"),
    "settlement.approve_payments": _("Paiement approuvé"),
    "settlement.abandon_payments": _("Paiement abandonné"),
    "settlement.confirm_paid": _("Paiement noté comme fait"),
    "settlement.reject_payment": _("Paiement rejeté"),
}
#: Where it was done from.
SOURCES: dict[str, Text] = {
    "www": _("le site"),
    "command": _("une commande sur le serveur"),
    "task": _("une tâche du serveur"),
    "link": _("le lien d’un courriel"),
    "invitation": _("une invitation acceptée"),
    "demo": _("la démonstration"),
}


def _what(entry: AuditEntry) -> Text:
    return ACTIONS.get(entry.action, entry.action)


def _about(entry: Any) -> str:
    return (entry.about or "").strip(", ")


def _from(entry: AuditEntry) -> Text:
    return SOURCES.get(entry.source, entry.source)


class JournalFilters(Filters):
    action = forms.ChoiceField(label=_("Ce qui a été fait"), choices=[("", _("tout")), *ACTIONS.items()])
    depuis = forms.DateField(label=_("Depuis le"), widget=DayInput())
    jusque = forms.DateField(label=_("Jusqu’au"), widget=DayInput())

    lookups = {"action": "action", "depuis": "at__date__gte", "jusque": "at__date__lte"}


def _said(total: int) -> str:
    return ngettext("%(total)s entrée", "%(total)s entrées", total) % {"total": count(total)}


JOURNAL = Listing[AuditEntry](
    name="journal",
    columns=(
        Column("quand", _("Quand"), "at", kind=Kind.MOMENT, sort=("pk",)),
        Column("quoi", _("Quoi"), _what),
        Column("sur", _("Sur quoi"), _about),
        Column("detail", _("Détail"), details),
        Column("qui", _("Par qui"), "author_label", sort=("author_label",)),
        Column("origine", _("D’où"), _from, shown=False),
        Column("code", _("Code"), "action", shown=False),
        Column("objet", _("Objet"), lambda entry: f"{entry.subject} {entry.subject_id}", shown=False),
    ),
    order="-quand",
    said=_said,
    search=words_in("author_label"),
    search_label=_("Chercher une personne"),
    filters=JournalFilters,
    empty=Empty(
        _("Journal vide"),
        _("Chaque changement de règle, de droit, de compte ou d’argent s’inscrit ici, avec son auteur."),
    ),
)


def entries_of(programme: Programme) -> "QuerySet[AuditEntry]":
    """The entries of a programme, and those of its owner that reach it though they name none.

    A role or an invitation for all its programmes is a right on this one; its bank account pays for this one.
    """
    reaching = Q(subject=Organisation._meta.label_lower, subject_id=str(programme.owner_id), action=BANK_ACCOUNT)
    for model in (Membership, Invitation):
        keys = model.objects.filter(organisation=programme.owner_id, programme=None).values_list("pk", flat=True)
        reaching |= Q(subject=model._meta.label_lower, subject_id__in=[str(key) for key in keys])
    return AuditEntry.objects.filter(Q(programme_id=programme.pk) | Q(reaching, programme_id=None))


@require_safe
@about_programme(SEE_JOURNAL)
def journal(request: HttpRequest, programme: Programme) -> HttpResponseBase:
    """Who changed what, in words, filtered."""
    return JOURNAL.answer(request, named(entries_of(programme)), "funder/journal.html", {"programme": programme})
