"""Which paragraph of which guide explains each page of the funder, and of those who look on."""

from poincon.organisations.enums import Role
from poincon.www.base.guides import declare_guide

FUNDER = declare_guide(
    "commanditaire",
    Role.FUNDER,
    paragraphs={
        "accueil": ("funder:home", "funder:look"),
        "creer": ("funder:create", "funder:resume_draft", "funder:drop_draft", "funder:draft_step"),
        "regles": (
            "funder:programme",
            "funder:programme_file",
            "funder:rules",
            "funder:lead_network",
            "funder:add_public",
            "funder:public",
            "funder:services",
            "funder:add_service",
            "funder:retire_service",
        ),
        "territoires": ("funder:add_territory", "funder:territory", "funder:remove_territory"),
        "dates": ("funder:move_start", "funder:extend", "funder:suspend"),
        "apparence": ("funder:appearance",),
        "financements": ("funder:fundings", "funder:change_fundings"),
        "versements": ("funder:receipts", "funder:record_receipt", "funder:receipt", "funder:honour_receipt"),
        "corriger": ("funder:correct_receipt",),
        "couverture": ("funder:cover",),
        "commander": (
            "funder:batches",
            "funder:order",
            "funder:specimen",
            "funder:specimen_page",
            "funder:cancel_batch",
        ),
        "imprimer": ("funder:batch", "funder:proof", "funder:approve_proof", "funder:print", "funder:activate"),
        "chequiers": ("funder:booklets", "funder:blocks", "funder:booklet", "funder:stop"),
        "droits": (
            "coordinator:people",
            "coordinator:invitations",
            "coordinator:invite",
            "coordinator:change_role",
            "coordinator:end_person",
            "coordinator:send_again",
            "coordinator:take_back",
        ),
        "journal": ("funder:journal",),
    },
    then=("coordinateur", "comptable"),
)

OBSERVER = declare_guide(
    "observateur",
    Role.OBSERVER,
    paragraphs={
        "accueil": ("funder:home", "funder:look"),
        "chequiers": ("funder:batches", "funder:batch", "funder:booklets", "funder:blocks", "funder:booklet"),
        "argent": ("funder:receipts", "funder:receipt", "funder:cover", "funder:fundings"),
        "releves": (
            "accountant:statements",
            "accountant:statement",
            "accountant:statement_pdf",
            "accountant:statement_csv",
            "accountant:register",
            "accountant:register_pdf",
        ),
        "regles": ("funder:programme", "funder:programme_file"),
    },
)
