"""One's account: name, telephone, language; the browsers signed in, and how to sign them out."""

import re
from typing import Any, cast

from allauth.usersessions.internal.flows.sessions import end_other_sessions
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from poincon.organisations.models import User
from poincon.organisations.services import choose_language, update_person
from poincon.www.base.forms import HouseForm, refusals_in, typed
from poincon.www.base.languages import remember
from poincon.www.base.request import actor_of

#: How a browser calls itself, and what people call it. The first found is the right one: they all claim to be others.
BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("OPR", "Opera"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


class AccountForm(HouseForm):
    full_name = forms.CharField(
        label=gettext_lazy("Prénom et nom"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Téléphone"),
        help_text=gettext_lazy("Pour que vos collègues puissent vous joindre."),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Langue des pages et des courriels"),
        choices=lambda: settings.LANGUAGES,
        widget=forms.RadioSelect,
    )


def account(request: HttpRequest) -> HttpResponse:
    """Who one is, one's roles, what protects the account."""
    user = _me(request)
    present = {"full_name": user.full_name, "phone": user.phone, "language": user.language or settings.LANGUAGE_CODE}
    form = AccountForm(typed(request), initial=present)
    if request.method == "POST" and form.is_valid():
        values: dict[str, Any] = dict(form.cleaned_data)
        language = values.pop("language")
        with refusals_in(form) as done:
            update_person(by=actor_of(request), user=user, **values)
            choose_language(by=actor_of(request), language=language)
        if done:
            messages.success(request, _("Votre compte est à jour."))
            response = redirect("account")
            remember(response, language)
            return response
    memberships = user.memberships.filter(ended_at=None).select_related("organisation", "programme").order_by("pk")
    context = {"form": form, "memberships": memberships, "submit": _("Enregistrer mon compte")}
    return render(request, "account/account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """The browsers that are signed in: one, or all the others, may be signed out from here."""
    user = _me(request)
    if request.method == "POST":
        _sign_out(request, user)
        return redirect("sessions")
    newest_first = sorted(UserSession.objects.purge_and_list(user), key=lambda one: one.created_at, reverse=True)
    found = [
        {"pk": one.pk, "what": browser_said(one.user_agent), "since": one.created_at, "current": one.is_current()}
        for one in newest_first
    ]
    return render(request, "account/sessions.html", {"found": found, "others": len(found) > 1})


def _sign_out(request: HttpRequest, user: User) -> None:
    chosen = request.POST.get("connexion", "")
    if chosen.isdecimal():
        get_object_or_404(UserSession, pk=int(chosen), user=user).end()
        messages.success(request, _("Cet appareil est déconnecté."))
        return
    end_other_sessions(request, user)
    messages.success(request, _("Tous vos autres appareils sont déconnectés."))


def browser_said(user_agent: str) -> str:
    """« Firefox sur Windows », from how a browser calls itself."""
    browser = next((name for word, name in BROWSERS if word in user_agent), "")
    system = next((name for word, name in SYSTEMS if re.search(rf"\b{word}\b", user_agent)), "")
    if browser and system:
        return _("%(browser)s sur %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("un navigateur inconnu")


def _me(request: HttpRequest) -> User:
    # The door of these pages asks to be signed in.
    return cast("User", request.user)
