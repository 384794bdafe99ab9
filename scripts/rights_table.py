"""Write docs/rights.md, the table of who may do what, from the rights that the domains declare.

python -m scripts.rights_table
"""

import os
import pkgutil
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from poincon.organisations.actors import Right
    from poincon.organisations.enums import Role

PAGE = Path(__file__).resolve().parents[1] / "docs" / "rights.md"
HEAD = """# Qui peut faire quoi

Cette page est écrite par le programme (`make rights`) à partir des droits que chaque domaine déclare dans son
`permissions.py` ; un test vérifie qu’elle dit la même chose que lui. Ne la modifiez pas à la main.

- Commanditaire, coordinateur, comptable et observateur tiennent leurs droits pour **leurs dispositifs** : celui que
  leur rôle nomme ou, sans précision, ceux que leur organisation possède. Pour ceux qu’elle anime sans les posséder,
  seuls le coordinateur et l’observateur : l’argent et les règles restent au commanditaire, sauf rôle qui nomme le
  dispositif.
- Prescripteur, responsable d’opérateur et médiateur les tiennent **dans leur organisation**.
- L’administrateur du service n’a que les droits marqués dans sa colonne, mais partout.
- Une commande tapée sur le serveur a tous les droits, et laisse son nom dans le journal.
"""


def declared() -> Iterator[tuple[str, list["Right"]]]:
    """Each domain that declares rights, and its rights by code. Imports every permissions.py."""
    from poincon.organisations.actors import RIGHTS

    for domain in _domains():
        before = set(RIGHTS)
        module = import_module(f"poincon.{domain}.permissions")
        mine = {right.code for right in vars(module).values() if getattr(right, "code", None) in RIGHTS}
        yield domain, [RIGHTS[code] for code in sorted(mine | (set(RIGHTS) - before))]


def _domains() -> Iterable[str]:
    import poincon

    for package in pkgutil.iter_modules(poincon.__path__):
        folder = Path(poincon.__path__[0]) / package.name
        if (folder / "permissions.py").exists():
            yield package.name


def render() -> str:
    """The whole page, as it must stand in the documentation."""
    from django.apps import apps
    from django.utils.translation import override

    from poincon.organisations.enums import Role

    with override("fr"):
        parts = [HEAD]
        for domain, rights in declared():
            parts.append(f"\n## {apps.get_app_config(domain).verbose_name}\n\n{_table(rights, list(Role))}")
    return "".join(parts)


def _table(rights: list["Right"], roles: list["Role"]) -> str:
    heads = ["Droit", *(_sentence(role.label) for role in roles)]
    rows = [
        [f"{_sentence(right.label)} (`{right.code}`)", *("oui" if role in right.roles else "" for role in roles)]
        for right in rights
    ]
    lines = [heads, ["---", *(":-:" for _ in roles)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _sentence(label: object) -> str:
    """A label that begins a cell: with a capital, whatever its domain's habit."""
    text = str(label)
    return text[:1].upper() + text[1:]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "poincon.config.settings")
    django.setup()
    PAGE.write_text(render())
    print(f"{PAGE} written")
