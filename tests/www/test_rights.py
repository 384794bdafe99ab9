import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from poincon.kernel.refusals import Refusal
from poincon.organisations.enums import Role
from poincon.organisations.models import User
from poincon.passes.permissions import ORDER_BATCH
from poincon.www.base.rights import Access, Door, declared_access, public_page, requires
from tests.factories import make_membership, make_organisation


@requires(ORDER_BATCH)
def ordering(request: HttpRequest) -> HttpResponse:
    return HttpResponse("commande")


def opened_by(user: User | AnonymousUser) -> HttpRequest:
    request = RequestFactory().get("/commander/")
    request.user = user
    return request


@pytest.mark.django_db
def test_a_page_opens_to_the_holder_of_its_right() -> None:
    funder = make_membership(Role.FUNDER, make_organisation(is_funder=True)).user
    assert ordering(opened_by(funder)).status_code == 200


@pytest.mark.django_db
def test_a_page_is_refused_to_a_colleague_without_its_right() -> None:
    funder = make_organisation(is_funder=True)
    make_membership(Role.FUNDER, funder)
    colleague = make_membership(Role.OBSERVER, funder).user
    with pytest.raises(Refusal, match="commander un lot"):
        ordering(opened_by(colleague))


def test_a_page_asks_a_stranger_to_sign_in() -> None:
    response = ordering(opened_by(AnonymousUser()))
    assert response.status_code == 302
    assert response["Location"] == "/connexion/?next=/commander/"


def test_a_page_remembers_the_right_it_asks() -> None:
    assert declared_access(ordering) == Access(Door.RIGHT, ORDER_BATCH)


def test_declaring_a_view_leaves_the_original_undeclared() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert declared_access(public_page(view)) == Access(Door.PUBLIC)
    assert declared_access(view) is None
