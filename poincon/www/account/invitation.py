"""The link of an invitation: who invites, to what; one click opens the account, the role, and the session."""

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from poincon.kernel.refusals import Refusal
from poincon.organisations.invitations import read_token
from poincon.organisations.models import Invitation, User
from poincon.organisations.services import LINK_USED, accept_invitation, invitation_of
from poincon.www.base.forms import HouseForm, refusals_in
from poincon.www.base.hats import HAT
from poincon.www.base.limits import limited, network_of

#: Enough for a room where everybody opens her mail; too slow to try links one after the other.
LINKS_PER_MINUTE = 30


class AcceptForm(HouseForm):
    """What an account needs that the invitation may not say."""

    full_name = forms.CharField(
        label=_("Vos prénom et nom"),
        help_text=_("Tels que vos collègues vous connaissent."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Votre téléphone (facultatif)"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@limited("invitation", per_minute=LINKS_PER_MINUTE)
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is offered, take the answer. Opening the link writes nothing: mail programs do it by themselves."""
    try:
        return _answer(request, token, invitation_of(token))
    except Refusal as refusal:
        if refusal.code == LINK_USED.code and _is_hers(request, token):
            # People keep the mail, and come in by its link each time.
            return redirect("home")
        return render(request, "account/invitation_refused.html", {"refusal": refusal}, status=410)


def _answer(request: HttpRequest, token: str, offered: Invitation) -> HttpResponse:
    known = User.objects.filter(email=offered.email).first()
    form = _form(request, offered, known)
    if request.method == "POST" and form is None:
        return _enter(request, _accepted(request, token), offered)
    if request.method == "POST" and form is not None and form.is_valid():
        with refusals_in(form) as done:
            user = _accepted(request, token, **form.cleaned_data)
        if done:
            return _enter(request, user, offered)
    themed_by = offered.programme or offered.welcomed_in
    context = {"invitation": offered, "form": form, "known": known, "themed_by": themed_by}
    return render(request, "account/invitation.html", context)


def _is_hers(request: HttpRequest, token: str) -> bool:
    """Whether whoever is signed in accepted the invitation of this link, which the site signed."""
    named = read_token(token)
    return named is not None and Invitation.objects.filter(pk=named[0], accepted_by=request.user.pk).exists()


def _accepted(request: HttpRequest, token: str, **typed: Any) -> User:
    return accept_invitation(token=token, source="www", address=network_of(request), **typed)


def _form(request: HttpRequest, offered: Invitation, known: User | None) -> AcceptForm | None:
    """Nothing is asked of whoever has an account."""
    if known is not None:
        return None
    return AcceptForm(request.POST if request.method == "POST" else None, initial={"full_name": offered.full_name})


def _enter(request: HttpRequest, user: User, offered: Invitation) -> HttpResponse:
    """Open the session, the new role on. A second factor, where there is one, is still asked.

    The link was read in her mailbox: it is worth the code that we would send there.
    """
    accepted = Invitation.objects.get(pk=offered.pk)
    given = user.memberships.filter(
        organisation=accepted.organisation_id, programme=accepted.programme_id, role=accepted.role, ended_at=None
    ).first()
    if request.user != user:
        record_authentication(request, user, method="code", email=user.email)
        response: HttpResponse = perform_login(
            request, Login(user=user, email=user.email, redirect_url=reverse("home"))
        )
    else:
        response = HttpResponse(status=302, headers={"Location": reverse("home")})
    if given is not None:
        request.session[HAT] = given.pk
    return response
