"""Pictures of every screen, on a phone and on a desk, by day and by night, full and empty: to look at with one's eyes.

    python -m scripts.contact_sheet FOLDER [--only PART] [--person PART] [--kind full|empty] [--quick]

Writes the pictures, FOLDER/index.html, which shows them side by side, and for each person a few sheets of small ones
(FOLDER/sheet-….png). ``--only`` keeps the addresses whose name or route contains PART, ``--person`` the people whose
role and place do; ``--quick`` takes the desk by day and the phone by night. Needs Chromium (scripts.test_tools).
"""

import argparse
import html
import os
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Literal

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from scripts.test_tools import chromium
from tests.browser.sent import page_sent, shape_of
from tests.serving import KINDS, Site, Stop, make

Scheme = Literal["light", "dark"]
Look = tuple[tuple[str, int, int], Scheme]
PHONE, DESK = ("phone", 390, 844), ("desk", 1366, 768)
SIZES = (DESK, PHONE)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
LOOKS = list(product(SIZES, SCHEMES))
QUICK: list[Look] = [(DESK, "light"), (PHONE, "dark")]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
#: The small pictures of a sheet, in pixels: how wide (desk, phone), how tall at most; how wide a sheet, how many pages.
SMALL = {"desk": 480, "phone": 220}
TALLEST, WIDEST, ON_A_SHEET, GAP, LABEL = 640, 2200, 6, 12, 18
STYLE = """
body { font: 16px/1.4 system-ui, sans-serif; margin: 2rem; background: #eee; color: #111 }
section { margin-block: 2.5rem; border-top: 1px solid #999 }
.row { display: flex; gap: 1rem; align-items: flex-start; flex-wrap: wrap }
figure { margin: 0; background: #fff; padding: .4rem; box-shadow: 0 1px 4px #0004 }
img { max-height: 42rem; max-width: 44rem; display: block }
figcaption { font-size: .8rem; color: #555 }
nav { columns: 3 }
"""


@dataclass(frozen=True)
class Picture:
    stop: Stop
    kind: str
    look: str
    file: str


def main() -> int:
    asked = _asked()
    out = Path(asked.folder)
    out.mkdir(parents=True, exist_ok=True)
    looks = QUICK if asked.quick else LOOKS
    with tempfile.TemporaryDirectory(prefix="poincon-sheet-") as folder:
        # The databases and the files of the two sites: thrown away with the folder.
        os.environ["POINCON_VAR"] = folder
        pictures = list(_pictures(Path(folder), out, asked, looks))
    _write_index(out, pictures)
    write_sheets(out, pictures)
    print(f"{len(pictures)} pictures: {out / 'index.html'}")
    return 0 if pictures else 1


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--only", default="", help="part of the name or of the route of an address")
    parser.add_argument("--person", default="", help="part of a role or of a place: “prescriber”, “visitor”")
    parser.add_argument("--kind", choices=KINDS, action="append", help="one database instead of both")
    parser.add_argument("--quick", action="store_true", help="two looks instead of four")
    return parser.parse_args()


def _pictures(folder: Path, out: Path, asked: argparse.Namespace, looks: list[Look]) -> Iterator[Picture]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for kind in asked.kind or KINDS:
            make(kind, folder)
            run = folder / f"{kind}-served"
            run.mkdir()
            site = Site(kind, databases=folder, folder=run)
            stops = [
                stop
                for stop in site.stops
                if asked.only in f"{stop.name} {stop.route}" and asked.person in stop.person.lower()
            ]
            yield from _site_pictures(browser, site, stops, kind=kind, out=out, looks=looks)
            site.close()
        browser.close()


def _site_pictures(
    browser: Browser, site: Site, stops: list[Stop], *, kind: str, out: Path, looks: list[Look]
) -> Iterator[Picture]:
    page = browser.new_context(locale="fr-FR", reduced_motion="reduce").new_page()
    seen: set[tuple[str, bytes]] = set()
    for rank, stop in enumerate(stops, start=1):
        print(f"\r{kind} {rank}/{len(stops)} ", end="", file=sys.stderr, flush=True)
        sent = _enter(page, site, stop)
        # Two operators who see the same page are one picture.
        shape = (stop.name, shape_of(sent))
        if not sent or shape in seen:
            continue
        seen.add(shape)
        for (size, width, height), scheme in looks:
            page.set_viewport_size(ViewportSize(width=width, height=height))
            page.emulate_media(color_scheme=scheme)
            name = re.sub(r"\W+", "-", f"{stop.name} {stop.path} {stop.person} {kind}").strip("-").lower()[:120]
            file = f"{name}-{size}-{scheme}.png"
            page.screenshot(path=out / file, full_page=True, timeout=120_000)
            yield Picture(stop, kind, f"{size}, {scheme}", file)
    print(file=sys.stderr)


def _enter(page: Page, site: Site, stop: Stop) -> bytes:
    """Open the page as this person; nothing when the address is a file or sends elsewhere."""
    page.context.clear_cookies()
    if stop.cookie:
        page.context.add_cookies([{"name": "sessionid", "value": stop.cookie, "url": site.url}])
    sent = page_sent(page.context, site.url + stop.path) or b""
    if sent:
        page.goto(site.url + stop.path)
    return sent


def write_sheets(out: Path, pictures: list[Picture]) -> None:
    """For each person, sheets of small pictures: one page of the site on a line, its looks side by side."""
    people: dict[str, dict[str, list[Picture]]] = defaultdict(lambda: defaultdict(list))
    for picture in pictures:
        people[picture.stop.person][f"{picture.stop.name} {picture.stop.path}"].append(picture)
    for person, lines in people.items():
        titles = list(lines)
        for first in range(0, len(titles), ON_A_SHEET):
            sheet = _sheet([_line(out, title, lines[title]) for title in titles[first : first + ON_A_SHEET]])
            name = re.sub(r"\W+", "-", person).strip("-").lower()
            sheet.save(out / f"sheet-{name}-{first // ON_A_SHEET + 1}.png")


def _sheet(lines: list[Image.Image]) -> Image.Image:
    """As many side by side as fit, then below."""
    width, height = max(one.width for one in lines), max(one.height for one in lines)
    columns = max(WIDEST // width, 1)
    sheet = Image.new("RGB", (width * min(columns, len(lines)), height * -(-len(lines) // columns)), "white")
    for rank, one in enumerate(lines):
        sheet.paste(one, (rank % columns * width, rank // columns * height))
    return sheet


def _line(out: Path, title: str, pictures: list[Picture]) -> Image.Image:
    """The looks of one page, small, its address above."""
    small = [_small(out / picture.file, SMALL[picture.look.partition(",")[0]]) for picture in pictures]
    height = max(one.height for one in small) + LABEL + GAP
    line = Image.new("RGB", (sum(one.width + GAP for one in small), height), "#bbb")
    ImageDraw.Draw(line).text((4, 3), title, fill="black")
    left = 0
    for one in small:
        line.paste(one, (left, LABEL))
        left += one.width + GAP
    return line


def _small(file: Path, width: int) -> Image.Image:
    with Image.open(file) as picture:
        small = picture.convert("RGB").resize((width, max(picture.height * width // picture.width, 1)))
    return small.crop((0, 0, width, min(small.height, TALLEST)))


def _write_index(out: Path, pictures: list[Picture]) -> None:
    """One section for each address and person, with all its looks."""
    sections: dict[str, list[Picture]] = defaultdict(list)
    for picture in pictures:
        sections[f"{picture.stop.path} · {picture.stop.person}"].append(picture)
    links = "".join(f'<a href="#s{rank}">{html.escape(title)}</a><br>' for rank, title in enumerate(sections))
    body = "".join(
        f'<section id="s{rank}"><h2>{html.escape(title)}</h2>'
        f'<div class="row">{"".join(map(_figure, inside))}</div></section>'
        for rank, (title, inside) in enumerate(sections.items())
    )
    page = f'<!DOCTYPE html><html lang="fr"><meta charset="utf-8"><title>Planche contact</title><style>{STYLE}</style>'
    (out / "index.html").write_text(f"{page}<h1>Planche contact</h1><nav>{links}</nav>{body}</html>")


def _figure(picture: Picture) -> str:
    file = html.escape(picture.file)
    return (
        f'<figure><a href="{file}"><img src="{file}" loading="lazy" alt=""></a>'
        f"<figcaption>{picture.kind}, {picture.look}</figcaption></figure>"
    )


if __name__ == "__main__":
    sys.exit(main())
