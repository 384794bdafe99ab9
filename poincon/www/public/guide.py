"""Which paragraph explains the pages that anybody opens."""

from poincon.www.base.guides import declare_guide

GUIDE = declare_guide(
    "mon-chequier",
    paragraphs={
        "chequier": ("my_booklet", "printed_code", "printed_code_small"),
        "obtenir": ("welcome", "scheme"),
        "lieu": ("places", "place"),
        "droits": ("legal_notice", "privacy", "accessibility"),
    },
)
