"""Every address of the site. Each one declares who may open it: tests/www/test_permission_matrix.py walks this list."""

from django.conf import settings
from django.urls import include, path, re_path

from poincon.www.account import demo
from poincon.www.base import health, home, job_pages, languages, maps, search, themes
from poincon.www.base.rights import public_page, signed_in

urlpatterns = [
    path("accueil/", signed_in(home.home), name="home"),
    path("accueil/casquette/", signed_in(home.change_hat), name="change_hat"),
    path("langue/", public_page(languages.change_language), name="change_language"),
    # Before the next one, which would take it for a programme.
    re_path(
        rf"^apparence/essai/(?P<ink>{themes.COLOUR_IN_ADDRESS})-(?P<accent>{themes.COLOUR_IN_ADDRESS})\.css$",
        public_page(themes.preview_css),
        name="theme_preview",
    ),
    path("apparence/<slug:programme_code>/<slug:version>.css", public_page(themes.theme_css), name="theme_css"),
    path("apparence/<slug:programme_code>/<slug:version>.svg", public_page(themes.theme_logo), name="theme_logo"),
    path("sante", public_page(health.health), name="health"),
    path("api/v1/", include("poincon.api.urls")),
    path("", include("poincon.www.public.urls")),
    path("", include("poincon.www.account.urls")),
    path("prescripteur/", include("poincon.www.prescriber.urls")),
    path("mediation/", include("poincon.www.operator.urls")),
    path("scanner/", include("poincon.www.scanner.urls")),
    path("coordination/", include("poincon.www.coordinator.urls")),
    path("commanditaire/", include("poincon.www.funder.urls")),
    path("comptabilite/", include("poincon.www.accountant.urls")),
    path("recherche/", signed_in(search.search), name="search"),
    path("aide/", include("poincon.www.guide.urls")),
    path("travaux/", signed_in(job_pages.jobs), name="jobs"),
    path("travaux/<int:job_id>/", signed_in(job_pages.job), name="job"),
    path("travaux/<int:job_id>/relancer/", signed_in(job_pages.retry_job), name="retry_job"),
    path("travaux/<int:job_id>/<str:name>", signed_in(job_pages.job_file), name="job_file"),
    path("contours/<str:departement>.geojson", public_page(maps.outlines), name="outlines"),
    path("style/", include("poincon.www.base.urls")),
    path("administration/", include("poincon.www.administrator.urls")),
]

# In any other mode the address does not exist.
if settings.DEMO:
    urlpatterns += demo.urlpatterns

handler400 = "poincon.www.base.errors.bad_request"
handler403 = "poincon.www.base.errors.forbidden"
handler404 = "poincon.www.base.errors.not_found"
handler429 = "poincon.www.base.errors.too_many_requests"
handler500 = "poincon.www.base.errors.server_error"
