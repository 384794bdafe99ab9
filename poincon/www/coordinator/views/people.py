"""The people of the network: invited, written to again, taken off; the trainings they followed."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from poincon.kernel.documents.french import count
from poincon.kernel.refusals import Refusal
from poincon.network.enums import TrainingKind
from poincon.network.permissions import RECORD_TRAINING
from poincon.network.queries import invitations_in, people_of_network, trainings_of, untrained
from poincon.network.services import record_group_training
from poincon.organisations.actors import NOT_ALLOWED
from poincon.organisations.enums import PROGRAMME_ROLES, SECOND_FACTOR_ROLES, Role
from poincon.organisations.models import Invitation, Organisation, User
from poincon.organisations.permissions import INVITE_PERSON, RIGHT_TO_GRANT
from poincon.organisations.services import change_role, end_role, invite, revoke_invitation, send_invitation_again
from poincon.passes.permissions import SEE_BATCHES
from poincon.programmes.models import Programme
from poincon.www.base.about import about_programme, today_of
from poincon.www.base.forms import refusals_in, typed
from poincon.www.base.hats import worn_hat
from poincon.www.base.listing import words_in
from poincon.www.base.narrowing import SEARCHES, narrowed
from poincon.www.base.parts import Tab
from poincon.www.base.request import actor_of
from poincon.www.coordinator.forms.network import TrainingForm
from poincon.www.coordinator.forms.people import EVERY_ONE, THIS_ONE, InviteForm, RoleForm
from poincon.www.coordinator.lists.network import TRAININGS, invitation_list, people_list
from poincon.www.coordinator.offering import (
    ROLES,
    gestures,
    may_manage,
    may_offer_everywhere,
    roles_to_change,
    roles_to_invite,
    what_roles_allow,
)
from poincon.www.coordinator.reach import invitation_of, membership_of, organisation_of, own

CHANGES = require_http_methods(["GET", "HEAD", "POST"])
#: What one types to find somebody who followed a training.
PEOPLE_TO_TRAIN = words_in("full_name", "email", "memberships__organisation__name")


@require_safe
@about_programme(SEE_BATCHES)
def people(request: HttpRequest, programme: Programme) -> HttpResponseBase:
    """Everybody of the network, and how many were invited without an answer."""
    actor = actor_of(request)
    rows = people_of_network(programme)
    late = Count("pk", filter=Q(expires_at__lte=timezone.now()))
    here = own(request)
    context = {
        "programme": programme,
        "invited": invitations_in(programme).order_by().aggregate(all=Count("pk"), late=late),
        "own": here if roles_to_invite(actor, here, programme) else None,
        "roles": what_roles_allow(),
    }
    listing = people_list(partial(gestures, actor, programme))
    return listing.answer(request, rows, "coordinator/people.html", context)


@require_safe
@about_programme(SEE_BATCHES)
def invitations(request: HttpRequest, programme: Programme) -> HttpResponseBase:
    """The invitations without an answer, the oldest first."""
    rows = invitations_in(programme).select_related("welcomed_in")
    listing = invitation_list(partial(may_manage, actor_of(request)))
    return listing.answer(request, rows, "coordinator/invitations.html", {"programme": programme})


@CHANGES
def invite_person(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Offer a role in an organisation of the network to somebody, by mail."""
    found, programme = organisation_of(request, organisation_id, INVITE_PERSON)
    roles = roles_to_invite(actor_of(request), found, programme)
    form = InviteForm(typed(request), roles=roles, reach=_reach(request, roles, found, programme))
    if request.method == "POST" and form.is_valid() and roles:
        role = form.role
        with refusals_in(form) as done:
            made = invite(
                by=actor_of(request),
                email=form.cleaned_data["courriel"],
                full_name=form.cleaned_data["nom"],
                role=role,
                organisation=found,
                # Whoever manages an operator answers for it everywhere.
                programme=None if role is Role.OPERATOR_MANAGER or form.is_everywhere else programme,
                welcomed_in=programme if role is Role.OPERATOR_MANAGER else None,
            )
        if done:
            messages.success(request, _("L’invitation part à %(email)s.") % {"email": made.email})
            return redirect("coordinator:organisation", found.pk)
    context = {
        "form": form,
        "organisation": found,
        "roles": [ROLES[role] for role in roles],
        "asks_factor": bool(SECOND_FACTOR_ROLES & set(roles)),
        "submit": _("Envoyer l’invitation"),
        "cancel_url": reverse("coordinator:organisation", args=[found.pk]),
    }
    return render(request, "coordinator/invite.html", context)


def _reach(
    request: HttpRequest, roles: Sequence[Role], found: Organisation, programme: Programme
) -> list[tuple[str, str]]:
    """For which programmes a steering role may be given; nothing when there is no choice."""
    if not PROGRAMME_ROLES & set(roles) or not may_offer_everywhere(actor_of(request), found):
        return []
    return [
        (THIS_ONE, _("seulement « %(programme)s »") % {"programme": programme.name}),
        (EVERY_ONE, _("tous ceux de %(organisation)s, présents et à venir") % {"organisation": found.name}),
    ]


@CHANGES
def change_steering_role(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Give somebody who steers another role at the same place."""
    found, actor = membership_of(request, membership_id), actor_of(request)
    looked_at = worn_hat(request).programme
    roles = roles_to_change(actor, found, looked_at) if looked_at else []
    if not roles:
        raise NOT_ALLOWED.filled(right=RIGHT_TO_GRANT[Role(found.role)].label)
    form = RoleForm(typed(request), roles=roles, initial={"role": found.role})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form, "role") as done:
            change_role(by=actor, membership=found, role=form.role)
        if done:
            messages.success(request, _("Le rôle de %(person)s est changé.") % {"person": found.user})
            return redirect("coordinator:people")
    context = {
        "member": found,
        "form": form,
        "submit": _("Changer son rôle"),
        "cancel_url": reverse("coordinator:people"),
    }
    return render(request, "coordinator/change_role.html", context)


@require_POST
def send_again(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Send an invitation once more; the link before stops working."""
    found = invitation_of(request, invitation_id)
    try:
        send_invitation_again(by=actor_of(request), invitation=found)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("L’invitation repart à %(email)s.") % {"email": found.email})
    return _back(request, found)


@require_POST
def take_back(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Take an invitation back: its link opens nothing any more."""
    found = invitation_of(request, invitation_id)
    try:
        revoke_invitation(by=actor_of(request), invitation=found)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("L’invitation de %(email)s est retirée.") % {"email": found.email})
    return _back(request, found)


def _back(request: HttpRequest, found: Invitation) -> HttpResponse:
    where = request.POST.get("retour", "")
    if where == "organisation" and found.organisation_id:
        return redirect("coordinator:organisation", found.organisation_id)
    return redirect("home" if where == "accueil" else "coordinator:invitations")


@CHANGES
def end_person(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Take somebody's role back."""
    found = membership_of(request, membership_id)
    actor = actor_of(request)
    if not may_manage(actor, found):
        raise NOT_ALLOWED.filled(right=RIGHT_TO_GRANT[Role(found.role)].label)
    if request.method == "POST":
        try:
            end_role(by=actor, membership=found)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("%(person)s n’a plus ce rôle.") % {"person": found.user})
        return redirect("coordinator:people")
    context: dict[str, Any] = {
        "member": found,
        "form": None,
        "verb": _("Retirer ce rôle"),
        "danger": True,
        "cancel_url": reverse("coordinator:people"),
    }
    return render(request, "coordinator/end_person.html", context)


# --- trainings --------------------------------------------------------------------------------------------------------


@require_safe
@about_programme(RECORD_TRAINING)
def trainings(request: HttpRequest, programme: Programme) -> HttpResponseBase:
    """The trainings followed for the programme, and how many people still wait for each."""
    waiting = [(kind.label, untrained(programme, kind).count(), _training_url(kind)) for kind in TrainingKind]
    context = {"programme": programme, "waiting": waiting}
    return TRAININGS.answer(request, trainings_of(programme), "coordinator/trainings.html", context)


def _training_url(kind: TrainingKind) -> str:
    return f"{reverse('coordinator:record_training')}?formation={kind.value}"


@CHANGES
@about_programme(RECORD_TRAINING)
def record_training(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Record that a group followed a training."""
    asked = request.GET.get("formation", "")
    kind = TrainingKind(asked) if asked in TrainingKind.values else TrainingKind.PRESCRIBER
    waiting = untrained(programme, kind)
    filled = typed(request)
    narrowing = narrowed(waiting, filled, name="personnes", search=PEOPLE_TO_TRAIN)
    form = _training_form(filled, waiting, narrowing.shown, today=today_of(programme))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form, "jour") as done:
            made = record_group_training(
                by=actor_of(request),
                users=form.cleaned_data["personnes"],
                programme=programme,
                kind=kind,
                done_on=form.cleaned_data["jour"],
            )
        if done:
            words = ngettext("%(n)s personne est notée formée.", "%(n)s personnes sont notées formées.", len(made))
            messages.success(request, words % {"n": count(len(made))})
            return redirect("coordinator:trainings")
    context = {
        "form": form,
        "programme": programme,
        "kind": kind,
        "narrowing": narrowing,
        "tabs": [Tab(one.label, _training_url(one), untrained(programme, one).count()) for one in TrainingKind],
        "here": _training_url(kind),
    }
    return render(request, "coordinator/record_training.html", context)


def _training_form(filled: QueryDict | None, people: Any, shown: Sequence[User], *, today: date) -> TrainingForm:
    """As it was typed; not judged when the button that searches was pressed."""
    if filled is not None and SEARCHES in filled:
        kept = {"jour": filled.get("jour", ""), "personnes": filled.getlist("personnes")}
        return TrainingForm(initial=kept, people=people, shown=shown, today=today)
    return TrainingForm(filled, people=people, shown=shown, today=today)
