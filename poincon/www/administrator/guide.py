"""Which paragraph of its guide explains each page of the administrator of the service."""

from poincon.organisations.enums import Role
from poincon.www.base.guides import declare_guide

GUIDE = declare_guide(
    "administrateur",
    Role.ADMINISTRATOR,
    paragraphs={
        "accueil": ("administrator:home",),
        "courriels": ("administrator:mails", "administrator:mail_again"),
        "composants": (
            "style",
            "style_list",
            "style_form",
            "style_confirm",
            "style_mails",
            "style_mail",
            "style_undo",
        ),
    },
)
