"""Files that a command writes: in the folder that was typed, or in that of the documents."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click
from django.conf import settings

from poincon.cli.shape import Answer

out_option = click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DOSSIER",
    help="Où écrire.  [par défaut : le dossier des documents]",
)


def write_files(out: Path | None, folder: str, files: Mapping[str, bytes | Iterable[str]]) -> list[Path]:
    """Write files, texts line by line: a list of passes may be long."""
    where = out or Path(settings.DOCUMENTS_DIR) / folder
    where.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        if isinstance(content, bytes):
            (where / name).write_bytes(content)
            continue
        with (where / name).open("w", encoding="utf-8", newline="") as file:
            file.writelines(content)
    return [where / name for name in files]


def written(paths: Sequence[Path]) -> Answer:
    """The answer of a command that wrote files: where they are."""
    return Answer({"files": [str(path) for path in paths]}, [str(path) for path in paths])
