"""Speed and memory of the printing of booklets: 10 passes, 11 distinct codes, cover and letter, through real files.

    python -m bench.printing [number of booklets]

Prints ratios: above 1.00 the limit is kept. Speed counts the processor time of every thread, so it is a rate per core;
on a machine that is busy with something else it still reads 20 to 40 % low, because caches are shared. Fails when a
limit is passed.
"""

import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from poincon.passes.documents.booklets import write_booklets
from poincon.passes.documents.content import BookletContent, Letter, Place, Scheme
from poincon.passes.documents.layout import Format, Layout

FLOOR_PER_SECOND = 25
CEILING_MB = 500
PASSES = 10
CODE_LENGTH = 154
MOMENT = datetime(2025, 3, 4, tzinfo=UTC)
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
START = "HTTPS://PASS.EXEMPLE.FR/P/"

SCHEME = Scheme(
    name="Pass numérique de la Creuse",
    funder_name="Conseil départemental de la Creuse",
    phone="05 55 00 00 23",
    referent="Camille Laurent, au Département",
    email="pass@exemple.fr",
    public_url="pass.exemple.fr",
)


def booklets(number: int) -> Iterator[BookletContent]:
    """Booklets made one by one, as those of a batch; a place in three changes with each, as does the letter."""
    draw = random.Random(0)
    for serial in range(1, number + 1):
        places = [Place(f"Médiathèque {letter}", "Place du Marché, 23000 Guéret", "05 55 00 00 01") for letter in "ABC"]
        places.append(Place(f"Tiers-lieu {serial % 40}", "1 rue de la Gare, 23300 La Souterraine", "05 55 00 00 02"))
        yield BookletContent(
            number=f"4829 {serial // 10_000:04d} {serial % 10_000:04d}",
            batch_label=f"Lot 12 — {serial}/{number}",
            size=PASSES,
            codes=[START + "".join(draw.choices(CROCKFORD, k=CODE_LENGTH - len(START))) for _ in range(PASSES + 1)],
            value_text="10 €",
            valid_from=date(2025, 3, 4),
            valid_until=date(2025, 12, 31),
            programme="Creuse 2025",
            territory="Creuse",
            publics=("bénéficiaires du RSA", "demandeurs d’emploi"),
            letter=Letter(organisation="CCAS de Guéret", contact=("05 55 00 00 10",), places=places),
        )


@dataclass(frozen=True)
class Measure:
    """What one printing took."""

    form: Format
    rate: float
    clock_rate: float
    kilobytes: float
    peak_mb: float

    @property
    def speed(self) -> float:
        """Rate over the floor."""
        return self.rate / FLOOR_PER_SECOND

    @property
    def memory(self) -> float:
        """Ceiling over peak."""
        return CEILING_MB / self.peak_mb


def measure(form: Format, number: int) -> Measure:
    """Print `number` booklets of one form in a directory that is then removed."""
    with tempfile.TemporaryDirectory() as folder:
        processor, clock = time.process_time(), time.perf_counter()
        paths = write_booklets(
            booklets(number),
            scheme=SCHEME,
            layout=Layout(format=form),
            out=Path(folder),
            progress=lambda *_: None,
            moment=MOMENT,
        )
        processor, clock = time.process_time() - processor, time.perf_counter() - clock
        written = sum(path.stat().st_size for path in paths) / 1000
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Measure(form, number / processor, number / clock, written / number, peak)


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    print(f"{number} booklets of {PASSES} passes, {PASSES + 1} codes of {CODE_LENGTH} characters each, with letters\n")
    print("| printing | booklets/s/core | rate / 25 | by the clock | peak | 500 MB / peak | size of one |")
    print("|---|---|---|---|---|---|---|")
    measures = [measure(form, number) for form in Format]
    for one in measures:
        print(
            f"| {one.form} | {one.rate:.1f} | {one.speed:.2f} | {one.clock_rate:.1f} "
            f"| {one.peak_mb:.0f} MB | {one.memory:.2f} | {one.kilobytes:.0f} kB |"
        )
    if any(one.speed < 1 or one.memory < 1 for one in measures):
        sys.exit("a limit is passed")


if __name__ == "__main__":
    main()
