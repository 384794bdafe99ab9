"""Who publishes this site, who hosts it, whom to write to: what the law has every public site say.

Loi n° 2004-575 (LCEN), articles 1-1 and 19: the publisher, its director, the host. GDPR, articles 13 and 37: the
controller, the data protection officer. Décret n° 2019-768: whom to tell that a page cannot be used.
"""

import re
from collections.abc import Mapping

#: Variable → what it says, and an example to imitate.
VARIABLES = {
    "POINCON_PUBLISHER": ("le nom de l’organisme qui publie le site", "Département de la Creuse"),
    "POINCON_PUBLISHER_ADDRESS": ("son adresse postale", "4 place Louis-Lacrocq, 23000 Guéret"),
    "POINCON_PUBLISHER_PHONE": ("son téléphone", "05 55 00 00 00"),
    "POINCON_PUBLICATION_DIRECTOR": ("le directeur de la publication", "la présidente du conseil départemental"),
    "POINCON_HOST_NAME": ("le nom de l’hébergeur", "Hébergeur public du Limousin"),
    "POINCON_HOST_ADDRESS": ("l’adresse postale de l’hébergeur", "1 rue des Serveurs, 87000 Limoges"),
    "POINCON_HOST_PHONE": ("le téléphone de l’hébergeur", "05 55 00 00 01"),
    "POINCON_DPO_EMAIL": ("le courriel du délégué à la protection des données", "dpo@departement.example"),
    "POINCON_CONTACT_EMAIL": ("le courriel de qui répond aux questions sur le site", "pass@departement.example"),
}
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def legal_texts(environ: Mapping[str, str]) -> dict[str, str]:
    """The texts by the end of their variable's name (``publisher``, ``host_name``…), empty where not given."""
    return {name.removeprefix("POINCON_").lower(): environ.get(name, "").strip() for name in VARIABLES}


def legal_faults(environ: Mapping[str, str]) -> list[str]:
    """Every text that is missing or cannot be right, one French sentence each."""
    faults = []
    for name, (said, example) in VARIABLES.items():
        value = environ.get(name, "").strip()
        if not value:
            faults.append(f"{name} manque : {said}, par exemple « {example} ».")
        elif name.endswith("_EMAIL") and not ADDRESS.fullmatch(value):
            faults.append(f"{name} n’est pas une adresse de courriel : « {value} ».")
    return faults
