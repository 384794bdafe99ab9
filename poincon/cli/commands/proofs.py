"""Proofs: what must be true is true, and nothing sealed has changed."""

from collections.abc import Iterable, Iterator

import click

from poincon.cli.shape import REFUSED, Answer, Command, answers, progress_bar
from poincon.kernel import invariants as kernel_invariants
from poincon.kernel import seals
from poincon.kernel.invariants import Fault, Invariant
from poincon.passes import invariants as passes_invariants
from poincon.programmes import invariants as programmes_invariants
from poincon.settlement import invariants as settlement_invariants

FLOORS = (kernel_invariants, programmes_invariants, passes_invariants, settlement_invariants)


def every_invariant() -> list[Invariant]:
    """What each floor says must always be true."""
    return [invariant for floor in FLOORS for invariant in floor.INVARIANTS]


@click.command(cls=Command)
@answers
def check() -> Answer:
    """Vérifie tout ce qui doit toujours être vrai, et nomme les lignes en faute. Répond 1 s’il y en a.

    Ne change rien ; peut tourner pendant que le site sert.
    """
    invariants = every_invariant()
    with progress_bar("Vérification") as progress:
        found = list(_faults(invariants, progress))
    broken = [(invariant, faults) for invariant, faults in found if faults]
    data = {
        "checked": len(invariants),
        "broken": [
            {
                "invariant": invariant.code,
                "sentence": str(invariant.sentence),
                "faults": [{"subject": str(fault.subject), "detail": str(fault.detail)} for fault in faults],
            }
            for invariant, faults in broken
        ],
    }
    return Answer(data, list(_told(len(invariants), broken)), code=REFUSED if broken else 0)


def _faults(invariants: list[Invariant], progress: object) -> Iterator[tuple[Invariant, list[Fault]]]:
    for done, invariant in enumerate(invariants, start=1):
        yield invariant, invariant.find()
        if callable(progress):
            progress(done, len(invariants))


def _told(checked: int, broken: Iterable[tuple[Invariant, list[Fault]]]) -> Iterator[str]:
    count = 0
    for invariant, faults in broken:
        count += 1
        yield f"FAUX  {invariant.sentence} ({invariant.code})"
        yield from (f"      {fault.subject} : {fault.detail}" for fault in faults)
    yield f"{checked} vérités vérifiées, " + (f"{count} en défaut." if count else "aucune en défaut.")


@click.command(cls=Command)
@answers
def seal() -> Answer:
    """Scelle les faits inscrits depuis le sceau précédent. L’empreinte se garde ailleurs : imprimée, envoyée."""
    with progress_bar("Sceau") as progress:
        made = seals.seal(progress=progress)
    return Answer(
        {"seal": made.pk, "facts": made.facts, "digest": made.digest},
        [f"Sceau n° {made.pk} : {made.facts} faits.", f"Empreinte : {made.digest}"],
    )


@click.command(cls=Command)
@click.option(
    "--digest",
    "kept",
    multiple=True,
    metavar="EMPREINTE",
    help="Empreinte gardée ailleurs : elle doit être dans la chaîne.",
)
@answers
def verify(kept: tuple[str, ...]) -> Answer:
    """Recalcule tous les sceaux : rien de scellé n’a été changé, ôté ni ajouté. Répond 1 sinon.

    Sans sceau, rien n’est prouvé : répond 1 aussi. Donnez l’empreinte d’un sceau imprimé ou reçu par courriel pour
    prouver que la chaîne n’a pas été raccourcie.
    """
    with progress_bar("Vérification des sceaux") as progress:
        found = seals.verify(progress=progress)
    missing = [digest for digest in kept if not seals.is_in_the_chain(digest)]
    lines = [f"Sceau n° {one.seal_id} : {one.table}, lignes {one.first_id} à {one.last_id} altérées." for one in found]
    lines += [f"Aucun sceau ne porte l’empreinte {digest} : la chaîne est raccourcie ou refaite." for digest in missing]
    if not seals.any_seal():
        lines.append("Aucun sceau n’est posé : rien n’est prouvé. Lancez « poincon seal ».")
    data = {"altered": [vars_of(one) for one in found], "missing": missing}
    return Answer(data, lines or ["Rien de ce qui est scellé n’a changé."], code=REFUSED if lines else 0)


def vars_of(one: seals.Alteration) -> dict[str, object]:
    """An alteration as data."""
    return {"seal": one.seal_id, "table": one.table, "first_id": one.first_id, "last_id": one.last_id}
