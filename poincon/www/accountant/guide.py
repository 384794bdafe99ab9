"""Which paragraph of its guide explains each page of whoever pays."""

from poincon.organisations.enums import Role
from poincon.www.base.guides import declare_guide

GUIDE = declare_guide(
    "comptable",
    Role.ACCOUNTANT,
    paragraphs={
        "accueil": ("accountant:home",),
        "mois": ("accountant:close_month",),
        "releves": (
            "accountant:statements",
            "accountant:statement",
            "accountant:statement_pdf",
            "accountant:statement_csv",
            "accountant:cancel_statement",
        ),
        "preparer": ("accountant:orders", "accountant:prepare", "accountant:abandon"),
        "approuver": (
            "accountant:order",
            "accountant:approve",
            "accountant:order_pdf",
            "accountant:order_csv",
            "accountant:order_passes",
            "accountant:order_sepa",
        ),
        "noter": ("accountant:confirm", "accountant:reject"),
        "comptes": ("accountant:accounts",),
        "registre": ("accountant:register", "accountant:register_pdf"),
        "versements": (
            "funder:fundings",
            "funder:receipts",
            "funder:record_receipt",
            "funder:receipt",
            "funder:honour_receipt",
            "funder:correct_receipt",
            "funder:cover",
        ),
        "activer": (
            "funder:batches",
            "funder:batch",
            "funder:activate",
            "funder:booklets",
            "funder:blocks",
            "funder:booklet",
        ),
        "regles": ("funder:programme", "funder:programme_file", "funder:journal"),
    },
)
