"""Entering the demonstration as one of its people, in one click. Mounted in demo mode only (poincon.config.urls)."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from poincon.organisations.enums import Role
from poincon.organisations.models import Membership, User
from poincon.www.base.rights import public_page

#: People of the demonstration, and nobody else, have an address in this domain, which cannot exist.
DEMO_DOMAIN = "demo.poincon.example"


def demo_accounts() -> list[Membership]:
    """One person of the demonstration for each role, in the order of the roles."""
    memberships = Membership.objects.filter(
        user__email__endswith=f"@{DEMO_DOMAIN}", user__is_active=True, ended_at=None
    ).select_related("user", "organisation", "programme")
    first_of_role: dict[str, Membership] = {}
    for membership in memberships.order_by("id"):
        first_of_role.setdefault(membership.role, membership)
    return [first_of_role[role] for role in Role.values if role in first_of_role]


@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in as a person of the demonstration. Any other address is not found."""
    email = request.POST.get("email", "").strip().lower()
    user = User.objects.filter(email=email, is_active=True).first()
    if user is None or not email.endswith(f"@{DEMO_DOMAIN}"):
        raise Http404
    get_adapter(request).login(request, user)
    messages.success(request, _("Vous êtes dans la démonstration : rien de ce que vous faites n’est réel."))
    return redirect("home")


urlpatterns = [path("demo/entrer/", public_page(enter), name="demo_enter")]
