"""The site with a search page that repeats what it is asked: the field of the header needs somewhere to go."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from poincon.config.urls import urlpatterns as site
from poincon.www.base.rights import signed_in


def search(request: HttpRequest) -> HttpResponse:
    return render(
        request, "error.html", {"page": {"title": "Recherche", "sentence": request.GET["q"], "next_step": ""}}
    )


urlpatterns = [path("recherche/", signed_in(search), name="search"), *site]
