"""The mails of signing in: a code, what changed in an account. They leave at once, from the page that causes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from poincon.kernel.messages import Letter
from poincon.kernel.refusals import Text
from poincon.www.templatetags.humane import moment


def login_code(context: Mapping[str, Any]) -> Letter:
    """The code that lets one in."""
    code = str(context["code"])
    return Letter(
        subject=_("Votre code de connexion : %(code)s") % {"code": code},
        paragraphs=(_("Voici votre code de connexion. Tapez-le dans la page restée ouverte."),),
        code=code,
        remarks=(
            _("Il est valable quinze minutes. Ne le donnez à personne : nous ne vous le demanderons jamais."),
            _("Vous n’avez rien demandé ? Oubliez ce courriel : sans le code, personne n’entre."),
        ),
    )


def unknown_account(context: Mapping[str, Any]) -> Letter:
    """Somebody tried to sign in with an address that no account has."""
    tried = _("Quelqu’un, vous peut-être, a voulu se connecter avec l’adresse %(email)s. Aucun compte ne la porte.")
    return Letter(
        subject=_("Aucun compte à cette adresse"),
        paragraphs=(
            tried % {"email": context["email"]},
            _("Si c’était vous, essayez une autre de vos adresses, ou voyez comment ouvrir un compte."),
        ),
        action=(_("Ouvrir un compte"), str(context["signup_url"])),
        remarks=(_("Sinon, oubliez ce courriel."),),
    )


@dataclass(frozen=True)
class Notification:
    """What just changed in an account; the mail says when, from where, and whom to warn."""

    subject: Text
    sentence: Text

    def __call__(self, context: Mapping[str, Any]) -> Letter:
        when = moment(context["timestamp"])
        where = _("C’était le %(when)s, depuis l’adresse %(address)s.") % {"when": when, "address": context["ip"]}
        return Letter(
            subject=str(self.subject),
            paragraphs=(str(self.sentence), where),
            remarks=(_("Si ce n’est pas vous, prévenez tout de suite la personne qui administre votre organisation."),),
        )


#: What the library calls each mail, and what it says.
LETTERS: dict[str, Callable[[Mapping[str, Any]], Letter]] = {
    "account/email/login_code": login_code,
    "account/email/unknown_account": unknown_account,
    "account/email/password_changed": Notification(
        gettext_lazy("Votre mot de passe a changé"),
        gettext_lazy("Le mot de passe de votre compte vient d’être changé."),
    ),
    "account/email/password_set": Notification(
        gettext_lazy("Vous avez choisi un mot de passe"),
        gettext_lazy("Un mot de passe vient d’être choisi pour votre compte."),
    ),
    "mfa/email/recovery_codes_generated": Notification(
        gettext_lazy("Nouveaux codes de secours"),
        gettext_lazy(
            "De nouveaux codes de secours viennent d’être créés pour votre compte. Les anciens ne marchent plus."
        ),
    ),
    "mfa/email/totp_activated": Notification(
        gettext_lazy("Application de codes installée"),
        gettext_lazy("Une application de codes vient d’être ajoutée à votre compte."),
    ),
    "mfa/email/totp_deactivated": Notification(
        gettext_lazy("Application de codes retirée"),
        gettext_lazy("L’application de codes vient d’être retirée de votre compte."),
    ),
    "mfa/email/webauthn_added": Notification(
        gettext_lazy("Clé d’accès ajoutée"), gettext_lazy("Une clé d’accès vient d’être ajoutée à votre compte.")
    ),
    "mfa/email/webauthn_removed": Notification(
        gettext_lazy("Clé d’accès retirée"), gettext_lazy("Une clé d’accès vient d’être retirée de votre compte.")
    ),
}

_SAMPLE = {"code": "482915", "timestamp": datetime(2026, 3, 4, 9, 12, tzinfo=UTC), "ip": "192.0.2.17"}
#: With invented values, for the page that shows every mail.
ACCOUNT_SAMPLES: dict[str, tuple[Text, Callable[[], Letter]]] = {
    "account.login_code": (gettext_lazy("Le code de connexion"), lambda: login_code(_SAMPLE)),
    "account.notification": (
        gettext_lazy("Un changement dans un compte"),
        lambda: LETTERS["mfa/email/totp_activated"](_SAMPLE),
    ),
}
