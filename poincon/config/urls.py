"""Every address of the site. Each one declares who may open it: tests/www/test_permission_matrix.py walks this list."""

from django.conf import settings
from django.urls import include, path

from poincon.www.account import demo
from poincon.www.base import health, home
from poincon.www.base.rights import public_page, signed_in

urlpatterns = [
    path("accueil/", signed_in(home.home), name="home"),
    path("accueil/casquette/", signed_in(home.change_hat), name="change_hat"),
    path("sante", public_page(health.health), name="health"),
    path("api/v1/", include("poincon.api.urls")),
    path("", include("poincon.www.public.urls")),
    path("", include("poincon.www.account.urls")),
    path("prescripteur/", include("poincon.www.prescriber.urls")),
    path("mediation/", include("poincon.www.operator.urls")),
    path("coordination/", include("poincon.www.coordinator.urls")),
    path("commanditaire/", include("poincon.www.funder.urls")),
    path("comptabilite/", include("poincon.www.accountant.urls")),
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
