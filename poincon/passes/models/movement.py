from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.passes.enums import DiscrepancyEnding, MovementKind, TransferKind
from poincon.passes.models.batch import Batch


class Transfer(models.Model):
    """Booklets move from one holder to another (bordereau de remise): sent, then received, maybe with a discrepancy.

    Recalled instead, they are back in the stock they left. A discrepancy waits until somebody says how it ended.
    """

    programme = models.ForeignKey(
        "programmes.Programme", models.PROTECT, related_name="transfers", verbose_name=_("dispositif")
    )
    kind = models.CharField(_("nature"), max_length=10, choices=TransferKind.choices)
    sender = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="transfers_sent", verbose_name=_("expéditeur")
    )
    receiver = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="transfers_received", verbose_name=_("destinataire")
    )
    sent_at = models.DateTimeField(_("expédié le"), default=timezone.now)
    sent_by_label = models.CharField(_("expédié par"), max_length=200)
    booklets_sent = models.PositiveIntegerField(_("chéquiers expédiés"))
    received_at = models.DateTimeField(_("reçu le"), null=True)
    received_by_label = models.CharField(_("reçu par"), max_length=200, blank=True)
    booklets_received = models.PositiveIntegerField(_("chéquiers reçus"), null=True)
    discrepancy = models.CharField(_("écart constaté"), max_length=300, blank=True)
    resolved_at = models.DateTimeField(_("écart clos le"), null=True)
    resolved_by_label = models.CharField(_("écart clos par"), max_length=200, blank=True)
    resolved_how = models.CharField(_("issue de l’écart"), max_length=10, choices=DiscrepancyEnding.choices, blank=True)
    resolved_note = models.CharField(_("ce qui s’est passé"), max_length=300, blank=True)
    recalled_at = models.DateTimeField(_("rappelé le"), null=True)
    recalled_by_label = models.CharField(_("rappelé par"), max_length=200, blank=True)
    recall_reason = models.CharField(_("motif du rappel"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("bordereau de remise")
        verbose_name_plural = _("bordereaux de remise")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(sender=F("receiver")),
                name="transfer_between_two_holders",
                violation_error_message=_("On n’expédie pas à soi-même."),
            ),
            models.CheckConstraint(
                condition=Q(booklets_received=None) | Q(booklets_received__lte=F("booklets_sent")),
                name="transfer_receives_at_most_what_was_sent",
                violation_error_message=_("On ne reçoit pas plus de chéquiers qu’il n’en est parti."),
            ),
            models.CheckConstraint(
                condition=Q(received_at=None) | Q(recalled_at=None),
                name="transfer_received_or_recalled",
                violation_error_message=_("Un bordereau est reçu ou rappelé, pas les deux."),
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None) | ~Q(discrepancy=""),
                name="transfer_resolves_a_discrepancy",
                violation_error_message=_("Un bordereau sans écart n’a pas d’écart à clore."),
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_how="", resolved_note="")
                | (Q(resolved_at__isnull=False, resolved_how__in=DiscrepancyEnding.values) & ~Q(resolved_note="")),
                name="transfer_resolved_says_how",
                violation_error_message=_("Un écart clos dit comment il a fini, un écart ouvert ne le dit pas."),
            ),
        ]


class Destruction(models.Model):
    """The signed record of a destruction (procès-verbal): who destroyed, where, how, before whom, why. A fact."""

    programme = models.ForeignKey(
        "programmes.Programme", models.PROTECT, related_name="destructions", verbose_name=_("dispositif")
    )
    holder = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="+", verbose_name=_("détenteur")
    )
    at = models.DateTimeField(_("le"), default=timezone.now)
    by_label = models.CharField(_("par"), max_length=200)
    place = models.CharField(_("lieu"), max_length=200)
    method = models.CharField(_("procédé"), max_length=200)
    witness = models.CharField(_("témoin"), max_length=200)
    reason = models.CharField(_("motif"), max_length=300)
    booklets = models.PositiveIntegerField(_("chéquiers détruits"))

    class Meta:
        verbose_name = _("procès-verbal de destruction")
        verbose_name_plural = _("procès-verbaux de destruction")
        ordering = ["-id"]


class Movement(models.Model):
    """A range of booklets of one batch changed hands. A fact: the register of valeurs inactives is made of these."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="movements", verbose_name=_("lot"))
    first_rank = models.PositiveIntegerField(_("du rang"))
    last_rank = models.PositiveIntegerField(_("au rang"))
    kind = models.CharField(_("mouvement"), max_length=10, choices=MovementKind.choices)
    from_holder = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, null=True, related_name="+", verbose_name=_("de")
    )
    to_holder = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, null=True, related_name="+", verbose_name=_("à")
    )
    transfer = models.ForeignKey(
        Transfer, models.PROTECT, null=True, related_name="movements", verbose_name=_("bordereau")
    )
    destruction = models.ForeignKey(
        Destruction, models.PROTECT, null=True, related_name="movements", verbose_name=_("procès-verbal")
    )
    at = models.DateTimeField(_("le"), default=timezone.now)
    by_label = models.CharField(_("par"), max_length=200)

    class Meta:
        verbose_name = _("mouvement")
        verbose_name_plural = _("mouvements")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_rank__gte=1, last_rank__gte=F("first_rank")),
                name="movement_range_in_order",
                violation_error_message=_("La plage de chéquiers est à l’envers."),
            )
        ]

    @property
    def booklets(self) -> int:
        """How many booklets moved."""
        return self.last_rank - self.first_rank + 1
