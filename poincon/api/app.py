"""The API, assembled. Mounted by config/urls.py at /api/v1."""

from ninja import NinjaAPI, Swagger

from poincon.api import booklets, problems, scanner, scans
from poincon.api.devices import DeviceToken
from poincon.api.schemas import Problem

PROBLEMS = dict.fromkeys((401, 403, 404, 409, 413, 422, 429), Problem)

api = NinjaAPI(
    title="Poinçon",
    version="1",
    description=(
        "Poinçonner, tester et annuler des pass, en ligne ou au retour du réseau. "
        "Les erreurs suivent la RFC 9457 (application/problem+json) : "
        "« code » est stable, « title » se lit à voix haute."
    ),
    urls_namespace="api",
    docs=Swagger(settings={"persistAuthorization": False}),
    auth=DeviceToken(),
)
problems.install(api)
for room in (scans, booklets, scanner):
    api.add_router("", room.router)
