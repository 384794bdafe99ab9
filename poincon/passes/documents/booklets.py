"""Booklets and their letters, from frozen values to PDF files: in parts, resumable, within fixed memory."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from operator import length_hint
from pathlib import Path
from typing import Any

from poincon.kernel.documents import DocumentError, code_svg, count, day, release_memory, render
from poincon.passes.documents.content import BookletContent, Scheme
from poincon.passes.documents.layout import CODE_MM, Format, Layout, cutting_order, folded_sheets

HERE = Path(__file__).parent
MANIFEST = "impression.json"


def booklet_pdf(booklets: Sequence[BookletContent], *, scheme: Scheme, layout: Layout, moment: datetime) -> bytes:
    """The sheets of a few booklets (about 50 at most: memory grows with the pages). Raises DocumentError."""
    data = template_data(booklets, scheme=scheme, layout=layout)
    return render(HERE / "booklets.typ", data, title=_title(booklets, scheme), moment=moment)


def letter_pdf(booklets: Sequence[BookletContent], *, scheme: Scheme, layout: Layout, moment: datetime) -> bytes:
    """The letters that go with a few booklets, in the same order. Raises DocumentError."""
    data = template_data(booklets, scheme=scheme, layout=layout, with_codes=False)
    return render(HERE / "letters.typ", data, title=f"Lettres : {_title(booklets, scheme)}", moment=moment)


def write_booklets(
    booklets: Iterable[BookletContent],
    *,
    scheme: Scheme,
    layout: Layout,
    out: Path,
    progress: Callable[[int, int], None],
    chunk: int = 50,
    moment: datetime | None = None,
) -> list[Path]:
    """Write `carnets-000001-000050.pdf`, … and `lettres-…` into the directory `out`; return their paths in order.

    Each part is complete or absent (written aside, then renamed). Called again on the same directory, it makes only the
    parts that are missing or whose content is not what `impression.json` recorded, with the moment of the first call.
    A sequence is read only where a part is missing; any other iterable is consumed, never held. `progress(done, total)`
    counts booklets; total is 0 when it cannot be known. Raises DocumentError, also when `out` holds another printing.
    """
    if chunk < 1:
        raise DocumentError("Une partie compte au moins un chéquier.")
    total = length_hint(booklets)
    printing = _Printing.open(out, settings=_settings(scheme, layout, chunk, total), moment=moment)
    done = 0
    for part in _parts(booklets, chunk):
        for name, draw in _files_of(part, layout).items():
            if not printing.holds(name):
                content = part.load()
                pdf = draw(content, scheme=scheme, layout=layout, moment=printing.moment)
                printing.keep(name, pdf, content)
        done = part.last
        if part.loaded:
            release_memory()
        progress(done, total)
    return printing.paths


@dataclass(slots=True)
class _Part:
    """Booklets `first` to `last` (counted from 1), read only when a file of the part has to be made."""

    first: int
    last: int
    read: Callable[[], Sequence[BookletContent]]
    loaded: bool = False
    _content: Sequence[BookletContent] = ()

    def load(self) -> Sequence[BookletContent]:
        if not self.loaded:
            self._content = self.read()
            self.loaded = True
        return self._content


def _parts(booklets: Iterable[BookletContent], chunk: int) -> Iterator[_Part]:
    # mypy infers no type for a lambda that binds its values by default, which each part needs: the loop goes on.
    if isinstance(booklets, Sequence):
        for start in range(0, len(booklets), chunk):
            stop = min(start + chunk, len(booklets))
            yield _Part(start + 1, stop, lambda start=start, stop=stop: booklets[start:stop])  # type: ignore[misc]
        return
    rest, start = iter(booklets), 0
    while content := list(islice(rest, chunk)):
        yield _Part(start + 1, start + len(content), lambda content=content: content)  # type: ignore[misc]
        start += len(content)


_Draw = Callable[..., bytes]


def _files_of(part: _Part, layout: Layout) -> dict[str, _Draw]:
    reach = f"{part.first:06d}-{part.last:06d}.pdf"
    files: dict[str, _Draw] = {f"carnets-{reach}": booklet_pdf}
    if layout.letters:
        files[f"lettres-{reach}"] = letter_pdf
    return files


def _settings(scheme: Scheme, layout: Layout, chunk: int, total: int) -> str:
    words = json.dumps([asdict(scheme), asdict(layout), chunk, total], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()


@dataclass(slots=True)
class _Printing:
    """A directory of parts and its manifest, which says how they were made and the SHA-256 of each."""

    out: Path
    settings: str
    moment: datetime
    files: dict[str, dict[str, Any]]
    paths: list[Path] = field(default_factory=list)

    @classmethod
    def open(cls, out: Path, *, settings: str, moment: datetime | None) -> "_Printing":
        out.mkdir(parents=True, exist_ok=True)
        manifest = out / MANIFEST
        if not manifest.exists():
            return cls(out, settings, moment or datetime.now().astimezone(), {})
        known = json.loads(manifest.read_text(encoding="utf-8"))
        if known["settings"] != settings:
            raise DocumentError(
                f"Le dossier {out} contient une impression faite avec d’autres réglages "
                "ou un autre nombre de chéquiers. Choisissez un dossier vide."
            )
        return cls(out, settings, datetime.fromisoformat(known["moment"]), known["files"])

    def holds(self, name: str) -> bool:
        path = self.out / name
        recorded = self.files.get(name)
        if recorded is None or not path.exists():
            return False
        if hashlib.sha256(path.read_bytes()).hexdigest() != recorded["sha256"]:
            return False
        self.paths.append(path)
        return True

    def keep(self, name: str, pdf: bytes, content: Sequence[BookletContent]) -> None:
        _write_atomically(self.out / name, pdf)
        self.files[name] = {
            "sha256": hashlib.sha256(pdf).hexdigest(),
            "booklets": len(content),
            "first": content[0].number,
            "last": content[-1].number,
        }
        known = {"settings": self.settings, "moment": self.moment.isoformat(), "files": self.files}
        _write_atomically(self.out / MANIFEST, json.dumps(known, ensure_ascii=False, indent=1).encode())
        self.paths.append(self.out / name)


def _write_atomically(path: Path, content: bytes) -> None:
    aside = path.with_name(f".{path.name}.part")
    with aside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def _title(booklets: Sequence[BookletContent], scheme: Scheme) -> str:
    if len(booklets) == 1:
        return f"{scheme.name} : chéquier {booklets[0].number}"
    return f"{scheme.name} : {count(len(booklets))} chéquiers, {booklets[0].number} à {booklets[-1].number}"


def template_data(
    booklets: Sequence[BookletContent], *, scheme: Scheme, layout: Layout, with_codes: bool = True
) -> Mapping[str, Any]:
    """What the Typst templates of booklets and letters read; letters do without the drawings of the codes."""
    return {
        "scheme": asdict(scheme),
        "layout": asdict(layout),
        "code_mm": CODE_MM,
        "stacks": [_stack(stack, layout, with_codes=with_codes) for stack in _stacks(booklets, layout)],
    }


def _stacks(booklets: Sequence[BookletContent], layout: Layout) -> Iterator[Sequence[BookletContent]]:
    for start in range(0, len(booklets), layout.stack):
        yield booklets[start : start + layout.stack]


def _stack(booklets: Sequence[BookletContent], layout: Layout, *, with_codes: bool) -> Mapping[str, Any]:
    sizes = [booklet.size for booklet in booklets]
    if layout.format is Format.CUT:
        sheets: list[Any] = [[asdict(slip) for slip in sheet] for sheet in cutting_order(sizes)]
    else:
        sheets = [folded_sheets(size) for size in sizes]
    return {
        "booklets": [_booklet(booklet) for booklet in booklets],
        "codes": [_drawings(booklet) for booklet in booklets] if with_codes else [],
        "sheets": sheets,
    }


def _drawings(booklet: BookletContent) -> list[str]:
    return [code_svg(text, width_mm=CODE_MM) for text in booklet.codes]


def _booklet(booklet: BookletContent) -> Mapping[str, Any]:
    return {
        "number": booklet.number,
        "batch_label": booklet.batch_label,
        "size": booklet.size,
        "value_text": booklet.value_text,
        "use_text": booklet.use_text,
        "valid_from": day(booklet.valid_from),
        "valid_until": day(booklet.valid_until),
        "programme": booklet.programme,
        "territory": booklet.territory,
        "publics": list(booklet.publics),
        "labels": [booklet.label(position) for position in range(1, booklet.size + 1)],
        "letter": asdict(booklet.letter),
    }
