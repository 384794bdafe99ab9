"""The one verb that writes reference data."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from poincon.kernel.db import chunks
from poincon.kernel.refusals import Refusal
from poincon.territories.dataset import Dataset, read_dataset
from poincon.territories.enums import KeyLevel
from poincon.territories.models import Commune, CommuneAlias, Departement, Epci, PostalCode, Region, SearchKey
from poincon.territories.rules import ends_of_name, normalise_name, prefix_number

CHUNK = 2000  # rows between two reports of progress
PARAMETERS = 500  # keys in one statement: within the limits of both engines

Progress = Callable[[int, int], None]
Values = tuple[Any, ...]

OLDER_EDITION = Refusal(
    "territories.older_edition",
    _(
        "La base contient déjà l’édition %(loaded)s des communes ; "
        "cette version de Poinçon apporte l’édition %(offered)s, plus ancienne."
    ),
    _("Installez une version plus récente de Poinçon : rien n’a été changé."),
)


@dataclass(frozen=True)
class Change:
    """What a load did to one list, in rows."""

    created: int = 0
    updated: int = 0
    retired: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class LoadSummary:
    """What a load did. Postal codes, other names and search keys follow the communes and are only counted."""

    edition: int
    regions: Change
    departements: Change
    epcis: Change
    communes: Change
    postal_codes: int
    aliases: int
    search_keys: int


def load_territories(*, progress: Progress, dataset: Dataset | None = None) -> LoadSummary:
    """Bring the database to the edition of the national lists shipped with Poinçon, in one transaction.

    Only rows that differ are written, so that a second load changes nothing. A row that left the lists is kept, because
    facts may refer to it, and gets ``until``; one that comes back loses it. ``progress`` is told (rows done, rows in
    all). ``dataset`` replaces the shipped edition. Raises Refusal if the database holds a later edition.
    Source: Code officiel géographique and list of EPCI (docs/data-sources.md).
    """
    dataset = dataset or read_dataset()
    with transaction.atomic():
        loaded = Commune.objects.aggregate(edition=models.Max("edition"))["edition"]
        if loaded is not None and loaded > dataset.edition:
            raise OLDER_EDITION.filled(loaded=loaded, offered=dataset.edition)
        return _Load(dataset, progress).run()


class _Load:
    def __init__(self, dataset: Dataset, progress: Progress) -> None:
        self.dataset = dataset
        self.progress = progress
        self.done = 0
        self.postal_codes = _postal_codes(dataset)
        self.aliases = _aliases(dataset)
        self.search_keys = _search_keys(dataset)
        lists = len(dataset.regions) + len(dataset.departements) + len(dataset.epcis) + len(dataset.communes)
        self.total = lists + len(self.postal_codes) + len(self.aliases) + len(self.search_keys)

    def run(self) -> LoadSummary:
        self.progress(0, self.total)
        data = self.dataset
        return LoadSummary(
            edition=data.edition,
            regions=self.bring(Region.objects, ["code", "name"], {row.code: (row.name,) for row in data.regions}),
            departements=self.bring(
                Departement.objects,
                ["code", "name", "region_id"],
                {row.code: (row.name, row.region) for row in data.departements},
            ),
            epcis=self.bring(
                Epci.objects,
                ["siren", "name", "search_name", "kind"],
                {row.siren: (row.name, normalise_name(row.name), row.kind) for row in data.epcis},
            ),
            communes=self.bring(
                Commune.objects,
                ["code", "name", "search_name", "departement_id", "epci_id", "population", "longitude", "latitude"],
                _communes(data),
            ),
            postal_codes=self.replace(PostalCode.objects, ["code", "commune_id"], self.postal_codes),
            aliases=self.replace(
                CommuneAlias.objects, ["code", "name", "search_name", "kind", "commune_id"], self.aliases
            ),
            search_keys=self.replace(SearchKey.objects, ["number", "text", "level", "commune_id"], self.search_keys),
        )

    def bring(self, rows: models.Manager[Any], names: list[str], wanted: dict[str, Values]) -> Change:
        """Create and update the rows of a national list, by their key (the first name); mark those that left it."""
        key_name = names[0]
        fields = [*names[1:], "edition", "until"]
        before: dict[str, Values] = {row[0]: row[1:] for row in rows.values_list(key_name, *fields)}
        after = {key: (*values, self.dataset.edition, None) for key, values in wanted.items()}
        different = [key for key, values in after.items() if before.get(key) != values]
        self.advance(len(wanted) - len(different))
        for chunk in chunks(different):
            rows.bulk_create(
                [rows.model(**dict(zip([key_name, *fields], (key, *after[key]), strict=True))) for key in chunk],
                update_conflicts=True,
                unique_fields=[key_name],
                update_fields=[name.removesuffix("_id") for name in fields],
            )
            self.advance(len(chunk))
        gone = [key for key, values in before.items() if key not in after and values[-1] is None]
        for chunk in chunks(gone, PARAMETERS):
            rows.filter(pk__in=chunk).update(until=self.dataset.edition)
        created = len(after.keys() - before.keys())
        return Change(
            created=created,
            updated=len(different) - created,
            retired=len(gone),
            unchanged=len(wanted) - len(different),
        )

    def replace(self, rows: models.Manager[Any], fields: list[str], wanted: set[Values]) -> int:
        """Make a table that only follows from the lists equal to ``wanted``; nothing refers to its rows."""
        before = {row[1:]: row[0] for row in rows.values_list("pk", *fields)}
        for chunk in chunks([key for values, key in before.items() if values not in wanted], PARAMETERS):
            rows.filter(pk__in=chunk).delete()
        missing = sorted(wanted - before.keys())
        self.advance(len(wanted) - len(missing))
        for chunk in chunks(missing):
            rows.bulk_create([rows.model(**dict(zip(fields, values, strict=True))) for values in chunk])
            self.advance(len(chunk))
        return len(wanted)

    def advance(self, rows: int) -> None:
        self.done += rows
        if rows:
            self.progress(self.done, self.total)


def _communes(dataset: Dataset) -> dict[str, Values]:
    return {
        row.code: (
            row.name,
            normalise_name(row.name),
            row.departement,
            row.epci or None,
            row.population,
            row.longitude,
            row.latitude,
        )
        for row in dataset.communes
    }


def _postal_codes(dataset: Dataset) -> set[Values]:
    return {(code, row.code) for row in dataset.communes for code in row.postal_codes.split()}


def _aliases(dataset: Dataset) -> set[Values]:
    return {(row.code, row.name, normalise_name(row.name), row.kind, row.commune) for row in dataset.aliases}


def _search_keys(dataset: Dataset) -> set[Values]:
    """Every end of every name, once per commune, at its best level."""
    names = [(row.code, row.name, KeyLevel.NAME, KeyLevel.WORD) for row in dataset.communes]
    names += [(row.commune, row.name, KeyLevel.ALIAS, KeyLevel.ALIAS_WORD) for row in dataset.aliases]
    best: dict[tuple[str, str], int] = {}
    for commune, name, whole_level, word_level in names:
        for text, whole in ends_of_name(normalise_name(name)):
            level = int(whole_level if whole else word_level)
            best[text, commune] = min(level, best.get((text, commune), level))
    return {(prefix_number(text), text, level, commune) for (text, commune), level in best.items()}
