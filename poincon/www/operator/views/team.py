"""The people of the structure: who punches, who manages, who is invited."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from poincon.kernel.refusals import Refusal
from poincon.organisations.enums import Role
from poincon.organisations.models import Invitation, Membership
from poincon.organisations.permissions import MANAGE_TEAM
from poincon.organisations.services import (
    change_role,
    end_role,
    invite,
    revoke_invitation,
    send_invitation_again,
)
from poincon.www.base.forms import refusals_in, typed
from poincon.www.base.request import actor_of
from poincon.www.operator.desk import Desk, desk_of, require_reach
from poincon.www.operator.forms.managing import TEAM_ROLES, InvitationForm, RoleForm
from poincon.www.operator.lists import TEAM

CHANGES = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def team(request: HttpRequest) -> HttpResponseBase:
    """Everybody who works for the structure, and the invitations that wait."""
    desk = desk_of(request)
    context = {"desk": desk, "may_manage": desk.may(MANAGE_TEAM), "invitations": _waiting(desk)}
    return TEAM.answer(request, _members(desk), "operator/team.html", context)


def _members(desk: Desk) -> QuerySet[Membership]:
    if not desk.may(MANAGE_TEAM):
        return Membership.objects.none()
    live = Membership.objects.filter(organisation=desk.operator, ended_at=None, role__in=TEAM_ROLES)
    return live.select_related("user", "programme")


def _waiting(desk: Desk) -> list[Invitation]:
    if not desk.may(MANAGE_TEAM):
        return []
    waiting = Invitation.objects.filter(
        organisation=desk.operator, accepted_at=None, revoked_at=None, role__in=TEAM_ROLES
    )
    return list(waiting.order_by("-sent_at", "-pk"))


@CHANGES
def invitation(request: HttpRequest) -> HttpResponse:
    """Offer a role to somebody, by e-mail."""
    desk = desk_of(request)
    form = InvitationForm(typed(request))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with refusals_in(form):
            made = invite(
                by=desk.actor,
                email=values["courriel"],
                full_name=values["nom"],
                role=Role(values["role"]),
                organisation=desk.operator,
            )
            messages.success(request, _("L’invitation part à %(email)s.") % {"email": made.email})
            return redirect("operator:team")
    context = {"form": form, "submit": _("Envoyer l’invitation"), "cancel_url": reverse("operator:team")}
    return render(request, "operator/team_invite.html", context)


@require_POST
def send_again(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Send the link once more; the former one stops working."""
    found = _invitation(request, invitation_id)
    try:
        send_invitation_again(by=actor_of(request), invitation=found)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("L’invitation repart à %(email)s.") % {"email": found.email})
    return redirect("operator:team")


@require_POST
def take_back(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Take an invitation back: its link opens nothing any more."""
    found = _invitation(request, invitation_id)
    try:
        revoke_invitation(by=actor_of(request), invitation=found)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("L’invitation de %(email)s est retirée.") % {"email": found.email})
    return redirect("operator:team")


@CHANGES
def role(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Give a person of the team the other role."""
    found = _membership(request, membership_id)
    form = RoleForm(typed(request), initial={"role": found.role})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form, "role"):
            change_role(by=actor_of(request), membership=found, role=Role(form.cleaned_data["role"]))
            messages.success(request, _("Le rôle de %(person)s est changé.") % {"person": found.user})
            return redirect("operator:team")
    context = {"member": found, "form": form, "submit": _("Changer son rôle"), "cancel_url": reverse("operator:team")}
    return render(request, "operator/team_role.html", context)


@CHANGES
def leave(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Take somebody's role back; what she punched stays, her devices stop."""
    found = _membership(request, membership_id)
    if request.method == "POST":
        end_role(by=actor_of(request), membership=found)
        messages.success(request, _("%(person)s ne fait plus partie de l’équipe.") % {"person": found.user})
        return redirect("operator:team")
    context = {
        "member": found,
        "verb": _("Retirer de l’équipe"),
        "cancel_url": reverse("operator:team"),
        "danger": True,
    }
    return render(request, "operator/team_end.html", context | {"form": None, "oneself": found.user == request.user})


def _membership(request: HttpRequest, membership_id: int) -> Membership:
    members = Membership.objects.filter(ended_at=None, role__in=TEAM_ROLES)
    found = get_object_or_404(members.select_related("user", "organisation", "programme"), pk=membership_id)
    if found.organisation_id is None:
        raise Http404
    require_reach(request, MANAGE_TEAM, organisation_id=found.organisation_id, programme=found.programme)
    return found


def _invitation(request: HttpRequest, invitation_id: int) -> Invitation:
    asked = Invitation.objects.filter(role__in=TEAM_ROLES).select_related("organisation", "programme")
    found = get_object_or_404(asked, pk=invitation_id)
    if found.organisation_id is None:
        raise Http404
    require_reach(request, MANAGE_TEAM, organisation_id=found.organisation_id, programme=found.programme)
    return found
