"""Which paragraph of its guide explains each page of a prescriber."""

from poincon.organisations.enums import Role
from poincon.www.base.guides import declare_guide

GUIDE = declare_guide(
    "prescripteur",
    Role.PRESCRIBER,
    paragraphs={
        "accueil": ("prescriber:home",),
        "remettre": (
            "prescriber:hand_over",
            "prescriber:hand_over_person",
            "prescriber:hand_over_public",
            "prescriber:hand_over_check",
            "prescriber:hand_over_give_up",
        ),
        "lettre": ("prescriber:hand_over_done", "prescriber:letter"),
        "annuler": (
            "prescriber:hand_overs",
            "prescriber:given",
            "prescriber:undo_hand_over",
            "prescriber:cancel_hand_over",
        ),
        "stock": ("prescriber:stock", "prescriber:booklet"),
        "demander": ("prescriber:ask",),
        "rendre": ("prescriber:give_back", "prescriber:recall", "prescriber:undo_return"),
        "perdu": ("prescriber:lost", "prescriber:replace"),
        "colis": ("prescriber:parcels", "prescriber:parcel", "prescriber:slip", "prescriber:found"),
        "personnes": ("prescriber:people", "prescriber:person", "prescriber:edit_person"),
        "lieux": ("prescriber:places",),
    },
)
