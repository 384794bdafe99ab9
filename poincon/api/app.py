"""The API, assembled. Its addresses are in urls.py."""

from django.views.decorators.http import require_safe
from ninja.renderers import JSONRenderer

from poincon.api import booklets, problems, scanner, scans
from poincon.api.description import DescribedAPI, Documentation
from poincon.api.devices import DeviceToken


class Renderer(JSONRenderer):
    """JSON in UTF-8: French words stay readable."""

    json_dumps_params = {"ensure_ascii": False, "separators": (",", ":")}


api = DescribedAPI(
    title="Poinçon",
    version="1",
    description=(
        "Poinçonner, tester et annuler des pass, en ligne ou au retour du réseau. "
        "Les erreurs suivent la RFC 9457 (application/problem+json) : "
        "« code » est stable, « detail » et « next_step » se lisent à voix haute."
    ),
    urls_namespace="api",
    docs=Documentation(settings={"persistAuthorization": False}),
    docs_decorator=require_safe,
    auth=DeviceToken(),
    renderer=Renderer(),
)
problems.install(api)
for room in (scans, booklets, scanner):
    api.add_router("", room.router)
