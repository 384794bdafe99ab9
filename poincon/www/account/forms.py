"""The forms of signing in, in our words: a label that says what to type, help that says where to find it."""

from typing import Any, cast

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Text

#: Phones offer the numeric keypad, and fill in by themselves a code just received.
CODE_ATTRIBUTES = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "class": "code-field",
    "spellcheck": "false",
}


def _say(field: forms.Field, label: Text, help_text: Text = "", **attributes: str) -> None:
    """Give a field of the library our words. Placeholders go: they vanish as soon as one types."""
    field.label, field.help_text = cast("str", label), cast("str", help_text)
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attributes)


def _say_email(field: forms.Field) -> None:
    _say(field, _("Votre adresse de courriel"), _("Par exemple : prenom.nom@exemple.fr"), autocomplete="email")


class RequestLoginCodeForm(account.RequestLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_email(self.fields["email"])


class ConfirmLoginCodeForm(account.ConfirmLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["code"], _("Code reçu par courriel"), _("Six chiffres."), **CODE_ATTRIBUTES)


class PasswordLoginForm(account.LoginForm):
    """Sign-in with a password, for those who chose to have one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_email(self.fields["login"])
        _say(self.fields["password"], _("Votre mot de passe"))

    def _setup_password_field(self) -> None:
        """Keep the field, which the library removes when accounts are opened without a password."""


class ReauthenticateForm(account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["password"], _("Votre mot de passe"), autocomplete="current-password")


class SetPasswordForm(account.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_new_password(self.fields)


class ChangePasswordForm(account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["oldpassword"], _("Votre mot de passe actuel"), autocomplete="current-password")
        _say_new_password(self.fields)


def _say_new_password(fields: dict[str, forms.Field]) -> None:
    rule = _("Douze caractères au moins. Une suite de mots est plus facile à retenir.")
    _say(fields["password1"], _("Nouveau mot de passe"), rule, autocomplete="new-password")
    _say(fields["password2"], _("Le même mot de passe, une seconde fois"), autocomplete="new-password")


def _say_second_factor(field: forms.Field) -> None:
    help_text = _("Six chiffres de votre application, ou un code de secours de huit chiffres.")
    _say(field, _("Code de vérification"), help_text, **CODE_ATTRIBUTES)


class AuthenticateForm(mfa.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_second_factor(self.fields["code"])


class SecondFactorReauthenticateForm(mfa.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_second_factor(self.fields["code"])


class ActivateTOTPForm(totp.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self.fields["code"],
            _("Code affiché par l’application"),
            _("Six chiffres, qui changent."),
            **CODE_ATTRIBUTES,
        )


class AddWebAuthnForm(webauthn.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["name"], _("Nom de cette clé"), _("Pour la reconnaître : « mon téléphone », « ma clé USB »"))
        # A key that cannot sign in alone is refused, without a word about why, where one signs in with a key.
        self.fields["passwordless"].initial = True
        _say(
            self.fields["passwordless"],
            _("Me connecter avec cette clé seule, sans code par courriel"),
            _("L’appareil demandera votre doigt, votre visage ou son code."),
        )


class EditWebAuthnForm(webauthn.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["name"], _("Nom de cette clé"))
