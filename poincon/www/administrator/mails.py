"""The mails that left, those that did not, and how to send these again."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from poincon.kernel.documents.french import count
from poincon.kernel.messages import NOTICES
from poincon.kernel.models import Message, MessageState
from poincon.kernel.refusals import Refusal, Text
from poincon.organisations.services import send_mail_again
from poincon.www.account.letters import ACCOUNT_SAMPLES
from poincon.www.base.listing import Column, Filters, Kind, Listing, words_in
from poincon.www.base.parts import Empty, Tag, Tone
from poincon.www.base.request import actor_of

TONES = {
    MessageState.WAITING: Tone.INFO,
    MessageState.SENDING: Tone.INFO,
    MessageState.SENT: Tone.GOOD,
    MessageState.DROPPED: Tone.QUIET,
    MessageState.FAILED: Tone.BAD,
}


class MailFilters(Filters):
    etat = forms.ChoiceField(label=gettext_lazy("État"), choices=[("", gettext_lazy("tous")), *MessageState.choices])

    lookups = {"etat": "state"}


def what_it_is(message: Message) -> Text:
    """What kind of mail, in words."""
    if message.template in NOTICES:
        return NOTICES[message.template].label
    code = "account.login_code" if message.template == "account.login_code" else "account.notification"
    return ACCOUNT_SAMPLES[code][0]


def state_tag(message: Message) -> Tag:
    """Waiting, sent, failed: in a word and a colour."""
    return Tag(message.get_state_display(), TONES[MessageState(message.state)])


def _said(total: int) -> str:
    return ngettext("%(total)s courriel", "%(total)s courriels", total) % {"total": count(total)}


MAILS = Listing[Message](
    name="courriels",
    columns=(
        Column("modele", gettext_lazy("Courriel"), what_it_is),
        Column("adresse", gettext_lazy("À"), "address", sort=("address",), template="administrator/cells/address.html"),
        Column("date", gettext_lazy("Demandé le"), "queued_at", kind=Kind.MOMENT, sort=("queued_at", "pk")),
        Column("etat", gettext_lazy("État"), state_tag, kind=Kind.TAG),
        Column("erreur", gettext_lazy("Erreur"), "error", template="administrator/cells/error.html"),
        Column(
            "action",
            gettext_lazy("Action"),
            lambda _one: None,
            template="administrator/mail_again.html",
            exported=False,
        ),
    ),
    order="-date",
    said=_said,
    search=words_in("address"),
    search_label=gettext_lazy("Chercher une adresse"),
    filters=MailFilters,
    empty=Empty(
        gettext_lazy("Aucun courriel"),
        gettext_lazy(
            "Ici se voient les courriels envoyés, et ceux qui n’ont pas pu l’être. Leur contenu n’est pas gardé."
        ),
    ),
)


@require_safe
def sent_mails(request: HttpRequest) -> HttpResponseBase:
    """Every mail, the latest first."""
    return MAILS.answer(request, Message.objects.all(), "administrator/mails.html")


@require_POST
def send_again(request: HttpRequest, message_id: int) -> HttpResponse:
    """Queue a mail that failed once more."""
    message = get_object_or_404(Message, pk=message_id)
    try:
        send_mail_again(by=actor_of(request), message=message)
        messages.success(request, _("Le courriel à %(address)s repart.") % {"address": message.address})
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("administrator:mails")
