"""The OpenAPI description, completed with what django-ninja does not know: problems, headers, bodies read by hand."""

from collections import defaultdict
from http import HTTPStatus
from typing import Any

from ninja import NinjaAPI, Swagger
from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema
from ninja.operation import Operation
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from poincon.api.problems import CONTENT_TYPE, STATUS
from poincon.api.schemas import AnnulRequest, Problem, ScanBatch

#: What every operation may answer.
EVERYWHERE = ("unauthenticated", "too_many_requests", "bad_request", "server_error")
#: What every operation that reads a body may answer.
WITH_A_BODY = ("not_json", "unsupported_media_type", "body_too_large", "invalid_request")

HEADERS: dict[HTTPStatus, dict[str, Any]] = {
    HTTPStatus.UNAUTHORIZED: {
        "WWW-Authenticate": {"schema": {"type": "string"}, "required": True, "description": "Toujours « Bearer »"}
    },
    HTTPStatus.TOO_MANY_REQUESTS: {
        "Retry-After": {"schema": {"type": "integer"}, "required": True, "description": "Secondes à attendre"}
    },
}
ETAG = {"ETag": {"schema": {"type": "string"}, "required": True, "description": "À redonner dans If-None-Match"}}


def described(*codes: str, body: type[BaseModel] | None = None, body_required: bool = True) -> dict[str, Any]:
    """The part of an operation's description that says which problems it may answer, and which body it reads."""
    by_status: dict[HTTPStatus, list[str]] = defaultdict(list)
    for code in (*EVERYWHERE, *(WITH_A_BODY if body else ()), *codes):
        by_status[STATUS[code]].append(code)
    described: dict[str, Any] = {
        "responses": {int(status): _problem(status, by_status[status]) for status in sorted(by_status)}
    }
    if body:
        schema = {"$ref": REF_TEMPLATE.format(model=body.__name__)}
        described["requestBody"] = {"required": body_required, "content": {"application/json": {"schema": schema}}}
    return described


def _problem(status: HTTPStatus, codes: list[str]) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": ", ".join(f"`{code}`" for code in codes),
        "content": {CONTENT_TYPE: {"schema": {"$ref": REF_TEMPLATE.format(model="Problem")}}},
    }
    return answer | ({"headers": HEADERS[status]} if status in HEADERS else {})


class DescribedAPI(NinjaAPI):
    """The API, whose description knows the schemas that only ``described`` refers to."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        _, referred = models_json_schema(
            [(ScanBatch, "validation"), (AnnulRequest, "validation"), (Problem, "validation")],
            ref_template=REF_TEMPLATE,
        )
        schema["components"]["schemas"].update(referred["$defs"])
        return schema

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name of the operation alone: it is the name of a function in the clients made from the description."""
        return operation.view_func.__name__


class Documentation(Swagger):
    """The viewer of the description: in French for a screen reader, its scripts and styles from this site."""

    template = "api/docs.html"
