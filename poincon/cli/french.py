"""The words of click itself (« Utilisation », « Options », its errors) in French, from our own catalogue."""

import gettext
import os
from pathlib import Path

CATALOGUE = Path(__file__).parent / "locale"
DOMAIN = "click"


def speak_french() -> None:
    """Make click speak French in this process, whatever the language of the terminal: our own sentences are French."""
    # The first variable that gettext looks at: it wins over LANG and LC_ALL.
    os.environ["LANGUAGE"] = "fr"
    gettext.bindtextdomain(DOMAIN, str(CATALOGUE))
    gettext.textdomain(DOMAIN)
