"""What the person who holds a booklet is told: one idea a sentence, under twelve words, no word of the trade.

The mediator reads the sentences of ``passes.refusals``; a test holds every sentence here to its length.
"""

from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Refusal
from poincon.passes import refusals

VALID = Refusal("valid", _("Ce chéquier est valable."), _("Appelez un lieu et prenez rendez-vous."))
CALL = _("Appelez le numéro écrit sur votre chéquier.")
READ_AGAIN = _("Relisez le numéro et tapez-le encore.")
ASK_AGAIN = _("Vous pouvez en demander un autre à votre conseiller.")

#: By the code of a refusal: what it means for the person, and what she can do.
PLAIN = {
    refusals.UNREADABLE: (_("Ce n’est pas un numéro de chéquier."), _("Regardez sous le carré noir et blanc.")),
    refusals.WRONG_CHECK_CHARACTER: (_("Il y a une erreur dans ce numéro."), READ_AGAIN),
    refusals.UNKNOWN_KEY: (_("Nous ne connaissons pas ce chéquier."), CALL),
    refusals.REVOKED_KEY: (_("Ce chéquier doit être échangé."), CALL),
    refusals.FORGED: (_("Ce code est abîmé."), _("Tapez plutôt le numéro écrit dessous.")),
    refusals.UNKNOWN_BOOKLET: (_("Aucun chéquier n’a ce numéro."), READ_AGAIN),
    refusals.POSITION_OUT_OF_RANGE: (_("Ce pass n’existe pas."), _("Relisez les deux derniers chiffres.")),
    refusals.BLOCKED: (_("Ce chéquier n’est plus valable."), _("Il a été déclaré perdu, volé ou remplacé.")),
    refusals.INERT: (_("Ce chéquier ne marche pas encore."), CALL),
    refusals.NOT_HANDED_OVER: (_("Ce chéquier n’est pas encore enregistré."), CALL),
    refusals.EXPIRED: (_("La date de ce chéquier est passée."), ASK_AGAIN),
    refusals.NOT_YET_VALID: (_("Il est encore trop tôt pour ce chéquier."), CALL),
    refusals.PROGRAMME_SUSPENDED: (
        _("Les ateliers sont arrêtés pour le moment."),
        _("Gardez votre chéquier : il servira plus tard."),
    ),
    refusals.ALREADY_USED: (_("Ce pass est déjà utilisé."), _("Prenez un autre pass du chéquier.")),
    refusals.NOT_ENOUGH_PASSES: (_("Tous vos pass sont utilisés."), ASK_AGAIN),
}
_BY_CODE = {refusal.code: Refusal(refusal.code, *words) for refusal, words in PLAIN.items()}


def plainly(refusal: Refusal) -> Refusal:
    """The same refusal in simple words; itself when it has none of its own."""
    return _BY_CODE.get(refusal.code, refusal)
