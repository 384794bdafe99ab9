import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, overload

import pytest

from poincon.kernel.documents import DocumentError
from poincon.passes.documents.booklets import write_booklets
from poincon.passes.documents.content import BookletContent
from poincon.passes.documents.layout import Layout
from tests.passes.test_booklet_pdf import MOMENT, SCHEME, booklet, texts

LAYOUT = Layout(letters=False)


def ignore(done: int, total: int) -> None:
    """No one watches."""


def write(booklets: Any, out: Path, **changes: Any) -> list[Path]:
    arguments: dict[str, Any] = {
        "scheme": SCHEME,
        "layout": LAYOUT,
        "progress": ignore,
        "chunk": 2,
        "moment": MOMENT,
    } | changes
    return write_booklets(booklets, out=out, **(arguments | changes))


def five() -> list[BookletContent]:
    return [booklet(1, serial=serial) for serial in range(1, 6)]


def test_parts_are_named_by_their_range(tmp_path: Path) -> None:
    names = [path.name for path in write(five(), tmp_path)]
    assert names == ["carnets-000001-000002.pdf", "carnets-000003-000004.pdf", "carnets-000005-000005.pdf"]
    assert "4829 1570 005K" in texts((tmp_path / names[2]).read_bytes())[0]


def test_letters_are_apart_and_in_the_same_order(tmp_path: Path) -> None:
    paths = write(five(), tmp_path, layout=Layout())
    letters = [text for path in paths if path.name.startswith("lettres-") for text in texts(path.read_bytes())]
    assert [f"4829 1570 00{serial}K" in letters[serial - 1] for serial in range(1, 6)] == [True] * 5


def test_progress_counts_booklets(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    write(five(), tmp_path, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(2, 5), (4, 5), (5, 5)]


def test_the_manifest_gives_the_hash_of_each_part(tmp_path: Path) -> None:
    paths = write(five(), tmp_path)
    known = json.loads((tmp_path / "impression.json").read_text())["files"]
    assert {name: entry["sha256"] for name, entry in known.items()} == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths
    }


class Lazy(Sequence[BookletContent]):
    """Booklets made when they are asked for, as those of a batch are signed when they are printed."""

    def __init__(self) -> None:
        self.asked: list[slice] = []

    def __len__(self) -> int:
        return 5

    @overload
    def __getitem__(self, index: int) -> BookletContent: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[BookletContent]: ...
    def __getitem__(self, index: int | slice) -> BookletContent | Sequence[BookletContent]:
        assert isinstance(index, slice)
        self.asked.append(index)
        return five()[index]


def test_a_printing_that_was_cut_short_makes_only_what_is_missing(tmp_path: Path) -> None:
    class PowerCutError(Exception):
        pass

    def cut(done: int, total: int) -> None:
        if done == 4:
            raise PowerCutError

    with pytest.raises(PowerCutError):
        write(five(), tmp_path, progress=cut)
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("*.pdf")}
    rest = Lazy()
    paths = write(rest, tmp_path)
    assert len(paths) == 3
    assert rest.asked == [slice(4, 5)]
    assert before == {name: (tmp_path / name).stat().st_mtime_ns for name in before}


def test_a_damaged_part_is_made_again_with_the_same_bytes(tmp_path: Path) -> None:
    first = write(five(), tmp_path)[0]
    good = first.read_bytes()
    first.write_bytes(good[: len(good) // 2])
    write(five(), tmp_path, moment=None)
    assert first.read_bytes() == good


def test_no_half_written_file_has_the_name_of_a_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(self: Path, target: Path) -> Path:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", full_disk)
    with pytest.raises(OSError, match="no space"):
        write(five(), tmp_path)
    assert not list(tmp_path.glob("carnets-*.pdf"))


@pytest.mark.parametrize("changes", [{"chunk": 3}, {"layout": Layout()}])
def test_another_printing_does_not_mix_with_the_first(tmp_path: Path, changes: dict[str, Any]) -> None:
    write(five(), tmp_path)
    with pytest.raises(DocumentError, match="dossier vide"):
        write(five(), tmp_path, **changes)


def test_booklets_that_come_one_by_one_are_never_all_held(tmp_path: Path) -> None:
    taken: list[int] = []
    held: list[int] = []

    def one_by_one() -> Iterator[BookletContent]:
        for content in five():
            taken.append(1)
            yield content

    write(one_by_one(), tmp_path, progress=lambda done, _: held.append(len(taken) - done))
    assert held == [0, 0, 0]
