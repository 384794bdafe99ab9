"""django-allauth's views, where ours differ: the code by e-mail comes first, the password is the other way."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import LoginView, RequestLoginCodeView, confirm_login_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from poincon.organisations.models import User
from poincon.www.account.demo import demo_accounts
from poincon.www.account.sessions import seconds_kept


class SignInView(RequestLoginCodeView):
    template_name = "account/login.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if settings.DEMO:
            context["demo_accounts"] = demo_accounts()
        return context


class PasswordSignInView(LoginView):
    template_name = "account/login_password.html"


class AccountView(IndexView):
    """One's account: what protects it, and whether one's roles ask for more."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        found = context["authenticators"]
        context["authenticators"] = {name: found.get(name) for name in ("totp", "webauthn", "recovery_codes")}
        context["has_second_factor"] = bool(found.get("totp") or found.get("webauthn"))
        user = self.request.user
        context["needs_second_factor"] = isinstance(user, User) and user.needs_second_factor()
        return context


class VerifyView(AuthenticateView):
    """The second factor asked at sign-in. A key is offered to those who have one."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        keys = Authenticator.objects.filter(user=self.stage.login.user, type=Authenticator.Type.WEBAUTHN)
        context["has_key"] = keys.exists()
        return context


class SetUpAppView(ActivateTOTPView):
    """Setting the application up proves it: the session needs no further check, and the rescue codes can be read."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _record_proof(self.request, Authenticator.Type.TOTP)
        return response


class AddKeyView(AddWebAuthnView):
    """Adding a key proves it: the session needs no further check."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _record_proof(self.request, Authenticator.Type.WEBAUTHN)
        return response


class RemoveKeyView(RemoveWebAuthnView):
    """The library asks for the application only whether it may be removed: a key that is the last factor stays too."""

    def form_valid(self, form: Any) -> HttpResponse:
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.object):
            messages.error(self.request, str(adapter.error_messages["cannot_delete_authenticator"]))
            return HttpResponseRedirect(reverse("mfa_list_webauthn"))
        response: HttpResponse = super().form_valid(form)
        return response


def _record_proof(request: HttpRequest, factor: Authenticator.Type) -> None:
    user = request.user if isinstance(request.user, User) else None
    record_authentication(request, user, method="mfa", type=factor, reauthenticated=True)
    if user is not None:
        # A role given since she signed in may ask for a shorter session.
        request.session.set_expiry(seconds_kept(user))


sign_in = SignInView.as_view()
sign_in_with_password = PasswordSignInView.as_view()
account = AccountView.as_view()
verify = VerifyView.as_view()
set_up_app = SetUpAppView.as_view()
add_key = AddKeyView.as_view()
remove_key = RemoveKeyView.as_view()


def confirm_code(request: HttpRequest) -> HttpResponseBase:
    """The page of the code. One typed too late leads back to the address: the library does not say why."""
    said = len(messages.get_messages(request))
    response = confirm_login_code(request)
    is_back = response.headers.get("Location", "").partition("?")[0] == reverse("account_login")
    if request.method == "POST" and is_back and len(messages.get_messages(request)) == said:
        messages.warning(request, _("Ce code n’est plus valable : il sert quinze minutes. Demandez-en un autre."))
    return response
