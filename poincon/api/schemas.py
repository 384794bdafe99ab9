"""What the API says it takes and gives, for its documentation and for those who write other scanners."""

from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field


class ScanItem(Schema):
    id: UUID = Field(description="Donné par l’appareil ; le rejouer rend la première réponse")
    code: str = Field(max_length=500, description="Texte scanné, ou numéro tapé")
    passes: int | None = Field(None, ge=1, le=60, description="Par défaut : le prix du service, ou le pass scanné")
    venue: int = Field(ge=1, description="Identifiant du lieu")
    service: str = Field(description="Code du service")
    occurred_at: AwareDatetime = Field(description="Heure de l’appareil, avec son fuseau")
    mediator: int | None = Field(None, ge=1, description="Par défaut : la personne qui a enrôlé l’appareil")


class ScanBatch(Schema):
    # Written out, not referred to: the operation embeds it.
    scans: list[dict[str, Any]] = Field(
        min_length=1,
        max_length=1000,
        json_schema_extra={"items": ScanItem.model_json_schema()},
    )


class VerdictBooklet(Schema):
    number: str
    size: int
    left: int
    valid_until: str


class Verdict(Schema):
    id: str
    outcome: Literal["accepted", "refused"]
    reason: str | None
    message: str
    next_step: str
    booklet: VerdictBooklet | None
    positions: list[int]


class Verdicts(Schema):
    results: list[Verdict]


class TestedBooklet(Schema):
    number: str
    size: int
    left: int
    valid_until: str
    position: int = Field(description="Le pass présenté, 0 pour tout le chéquier")
    positions_used: list[int]
    usable: bool
    reason: str | None
    message: str
    next_step: str
    programme: str


class Problem(Schema):
    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    code: str
