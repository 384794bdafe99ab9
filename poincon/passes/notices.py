"""The mails about booklets: a parcel is on its way; a stock sleeps; a prescriber asks for more."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from poincon.kernel.messages import SAMPLE_DRESS, Dress, Fact, Letter, address_of, declare, dress_of
from poincon.kernel.models import AuditEntry
from poincon.organisations.models import Organisation
from poincon.passes.enums import TransferKind
from poincon.passes.models import Transfer
from poincon.passes.queries.batch import day_of
from poincon.passes.queries.stock import last_hand_over, stock_of
from poincon.programmes.models import Programme

#: Where one goes who has no page of her own for what the mail asks.
HOME = "home"


def parcel_letter(
    dress: Dress, *, number: int, sender: str, receiver: str, booklets: int, sent_on: date, address: str
) -> Letter:
    """What the receiver of a parcel is told. ``address``: of the page where it is received."""
    count = ngettext("%(count)s chéquier", "%(count)s chéquiers", booklets) % {"count": booklets}
    return Letter(
        subject=_("%(count)s en route vers vous") % {"count": count},
        dress=dress,
        paragraphs=(
            _("%(sender)s vous a envoyé %(count)s.") % {"sender": sender, "count": count},
            _("À l’arrivée du colis, comptez-les, puis confirmez sur le site. S’il en manque, dites lesquels."),
        ),
        facts=(
            Fact(_("Bordereau"), _("n° %(number)s") % {"number": number}),
            Fact(_("Envoyé le"), date_format(sent_on)),
            Fact(_("Destinataire"), receiver),
        ),
        action=(_("Recevoir le colis"), address),
        remarks=(_("Tant que vous n’avez pas confirmé, ces chéquiers ne peuvent pas être remis."),),
    )


def _parcel(subject_id: str, _user_id: int | None) -> Letter | None:
    transfer = Transfer.objects.select_related("programme__owner", "sender", "receiver").get(pk=subject_id)
    if transfer.received_at is not None or transfer.recalled_at is not None:
        return None
    delivered = transfer.kind == TransferKind.DELIVERY and transfer.receiver.is_prescriber
    return parcel_letter(
        dress_of(transfer.programme),
        number=transfer.pk,
        sender=transfer.sender.name,
        receiver=transfer.receiver.name,
        booklets=transfer.booklets_sent,
        sent_on=day_of(transfer.programme, transfer.sent_at),
        address=address_of("prescriber:parcel", transfer_id=transfer.pk) if delivered else address_of(HOME),
    )


PARCEL_SENT = declare(
    "passes.parcel_sent",
    gettext_lazy("Un colis de chéquiers est en route"),
    build=_parcel,
    sample=lambda: parcel_letter(
        SAMPLE_DRESS,
        number=42,
        sender="Conseil départemental de la Creuse",
        receiver="CCAS de Guéret",
        booklets=40,
        sent_on=date(2026, 3, 4),
        address=address_of("prescriber:parcel", transfer_id=42),
    ),
)


def sleeping_letter(dress: Dress, *, holder: str, booklets: int, last: date | None, address: str) -> Letter:
    """What the holder of booklets that nobody is given is reminded of. ``address``: of the page to hand over."""
    count = ngettext("%(count)s chéquier", "%(count)s chéquiers", booklets) % {"count": booklets}
    return Letter(
        subject=ngettext("%(count)s chéquier attend chez vous", "%(count)s chéquiers attendent chez vous", booklets)
        % {"count": booklets},
        dress=dress,
        paragraphs=(
            _("%(holder)s a %(count)s en stock. Des personnes en ont besoin près de chez vous.")
            % {"holder": holder, "count": count},
            _("Proposez-en un à chaque personne que le numérique met en difficulté. La remise prend deux minutes."),
        ),
        facts=(
            Fact(_("En stock"), count),
            Fact(_("Dernière remise"), date_format(last) if last else _("aucune encore")),
        ),
        action=(_("Remettre un chéquier"), address),
        remarks=dress.if_phone(
            _("Vous en avez trop ? Rendez-les : ils serviront ailleurs. Appelez le numéro ci-dessous.")
        ),
    )


def sleeping_subject(programme_id: int, holder_id: int) -> str:
    """What a reminder is about: the stock of one holder in one programme."""
    return f"{programme_id}:{holder_id}"


def _sleeping(subject_id: str, _user_id: int | None) -> Letter | None:
    programme_id, holder_id = map(int, subject_id.split(":"))
    programme = Programme.objects.select_related("owner").get(pk=programme_id)
    booklets = stock_of(programme_id, holder_id)
    if not booklets:
        return None
    last, holder = last_hand_over(programme_id, holder_id), Organisation.objects.get(pk=holder_id)
    return sleeping_letter(
        dress_of(programme),
        holder=holder.name,
        booklets=booklets,
        last=day_of(programme, last) if last else None,
        address=address_of("prescriber:hand_over" if holder.is_prescriber else HOME),
    )


STOCK_SLEEPING = declare(
    "passes.stock_sleeping",
    gettext_lazy("Des chéquiers dorment en stock"),
    build=_sleeping,
    sample=lambda: sleeping_letter(
        SAMPLE_DRESS,
        holder="CCAS de Guéret",
        booklets=27,
        last=date(2026, 1, 12),
        address=address_of("prescriber:hand_over"),
    ),
)


def asked_letter(dress: Dress, *, prescriber: str, asker: str, booklets: int, in_stock: int, note: str) -> Letter:
    """What whoever sends booklets is told when a prescriber asks for some."""
    count = ngettext("%(count)s chéquier", "%(count)s chéquiers", booklets) % {"count": booklets}
    return Letter(
        subject=_("%(prescriber)s demande %(count)s") % {"prescriber": prescriber, "count": count},
        dress=dress,
        paragraphs=(
            _("%(asker)s, de %(prescriber)s, demande %(count)s.")
            % {"asker": asker, "prescriber": prescriber, "count": count},
            *((_("« %(note)s »") % {"note": note},) if note else ()),
        ),
        facts=(
            Fact(_("Demandés"), str(booklets)),
            Fact(_("Encore en stock chez ce prescripteur"), str(in_stock)),
        ),
        action=(_("Envoyer des chéquiers"), address_of("home")),
        remarks=(_("Si vous ne pouvez pas en envoyer, dites-le à cette personne : elle attend une réponse."),),
    )


def asked_subject(programme_id: int, prescriber_id: int, entry_id: int | None = None) -> str:
    """What a request of booklets is about; without the entry of the journal, how all those of a prescriber begin."""
    return f"{programme_id}:{prescriber_id}:{entry_id or ''}"


def _asked(subject_id: str, _user_id: int | None) -> Letter | None:
    programme_id, prescriber_id, entry_id = map(int, subject_id.split(":"))
    entry = AuditEntry.objects.get(pk=entry_id)
    return asked_letter(
        dress_of(Programme.objects.select_related("owner").get(pk=programme_id)),
        prescriber=Organisation.objects.get(pk=prescriber_id).name,
        asker=entry.author_label,
        **entry.after,
    )


STOCK_ASKED = declare(
    "passes.stock_asked",
    gettext_lazy("Un prescripteur demande des chéquiers"),
    build=_asked,
    sample=lambda: asked_letter(
        SAMPLE_DRESS,
        prescriber="CCAS de Guéret",
        asker="Samia Benali",
        booklets=20,
        in_stock=2,
        note="Une permanence ouvre à la Maison France services en avril.",
    ),
)
