"""Which paragraph explains each page of a structure: in the guide of mediators, then of whoever manages it."""

from poincon.organisations.enums import Role
from poincon.www.base.guides import declare_guide

MEDIATOR = declare_guide(
    "mediateur",
    Role.MEDIATOR,
    paragraphs={
        "accueil": ("operator:home",),
        "scanner": ("scanner:shell", "scanner:sign_in", "scanner:enrolment"),
        "poinconner": ("operator:punch", "operator:punched"),
        "annuler": ("operator:undo", "operator:punches"),
        "mois": ("operator:month",),
        "appareils": (
            "operator:devices",
            "operator:enrol",
            "operator:revoke",
        ),
        "qualification": ("operator:qualification",),
    },
)

MANAGER = declare_guide(
    "responsable-de-structure",
    Role.OPERATOR_MANAGER,
    paragraphs={
        "accueil": ("operator:home",),
        "lieux": (
            "operator:venues",
            "operator:new_venue",
            "operator:venue",
            "operator:edit_venue",
            "operator:close_venue",
            "operator:reopen_venue",
        ),
        "services": ("operator:new_offer", "operator:change_offer", "operator:end_offer"),
        "equipe": (
            "operator:team",
            "operator:invite",
            "operator:send_again",
            "operator:take_back",
            "operator:role",
            "operator:leave",
        ),
        "releves": (
            "operator:statements",
            "operator:statement",
            "operator:statement_pdf",
            "operator:statement_passes",
            "accountant:statements",
            "accountant:statement",
            "accountant:statement_pdf",
            "accountant:statement_csv",
        ),
        "compte": ("operator:account",),
        "qualification": ("operator:qualification",),
    },
    then=("mediateur",),
)
