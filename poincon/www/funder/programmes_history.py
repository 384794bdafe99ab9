"""What was decided about a programme, as dated sentences."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from poincon.kernel.models import AuditEntry
from poincon.kernel.refusals import Text
from poincon.programmes.models import Programme
from poincon.www.base.parts import Fact, Tone

#: The action of the journal → what happened.
SENTENCES: dict[str, Text] = {
    "programmes.create_programme": _("Dispositif créé"),
    "programmes.update_rules": _("Règles modifiées"),
    "programmes.update_theme": _("Apparence ou contact modifiés"),
    "programmes.set_lead_network": _("Tête de réseau changée"),
    "programmes.move_start": _("Début déplacé"),
    "programmes.extend": _("Dispositif prolongé"),
    "programmes.suspend": _("Dispositif suspendu"),
    "programmes.change_fundings": _("Répartition entre financeurs changée"),
    "programmes.add_public": _("Public ajouté"),
    "programmes.update_public": _("Public modifié"),
    "programmes.end_public": _("Fin d’un public fixée"),
    "programmes.add_territory": _("Territoire ajouté"),
    "programmes.change_communes": _("Communes d’un territoire changées"),
    "programmes.rename_territory": _("Territoire renommé"),
    "programmes.remove_territory": _("Territoire retiré"),
    "programmes.add_local_service": _("Service local ajouté"),
    "programmes.retire_local_service": _("Service local retiré"),
    "programmes.correct_receipt": _("Versement corrigé"),
}
_TONES = {"programmes.suspend": Tone.CAREFUL, "programmes.create_programme": Tone.GOOD}
SHOWN = 12


def latest_decisions(programme: Programme) -> list[Fact]:
    """The last decisions about a programme, latest first. One statement."""
    entries = AuditEntry.objects.filter(Q(action__in=SENTENCES), programme_id=programme.pk).order_by("-pk")[:SHOWN]
    return [
        Fact(
            entry.at,
            SENTENCES[entry.action],
            by=entry.author_label,
            detail=_reason(entry),
            tone=_TONES.get(entry.action, Tone.INFO),
        )
        for entry in entries
    ]


def _reason(entry: AuditEntry) -> str:
    """Why, when it was asked; else what it was about."""
    for name in ("reason", "label", "territory", "name"):
        said = entry.after.get(name) or entry.before.get(name)
        if isinstance(said, str) and entry.action != "programmes.update_theme":
            return said
    return ""
