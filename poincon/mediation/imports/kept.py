"""A table between the moment it is shown and the one it is confirmed: kept a day, where no web server looks."""

import re
import secrets
import time
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Refusal

KEPT_SECONDS = 24 * 3600
_KEY = re.compile(r"[0-9a-f]{24}")

TABLE_GONE = Refusal(
    "mediation.import_gone",
    _("Ce tableau n’est plus là : il se garde un jour, le temps de le confirmer."),
    _("Envoyez-le à nouveau."),
)


def keep_table(content: bytes) -> str:
    """Keep a file; what is returned finds it again. Those older than a day are thrown away."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    _throw_old(folder)
    key = secrets.token_hex(12)
    (folder / key).write_bytes(content)
    return key


def kept_table(key: str) -> bytes:
    """The file kept under this key. Raises the refusal ``mediation.import_gone``."""
    path = _folder() / key
    if not _KEY.fullmatch(key) or not path.is_file():
        raise TABLE_GONE.filled()
    return path.read_bytes()


def forget_table(key: str) -> None:
    """Throw a file away: it was brought in, or given up."""
    if _KEY.fullmatch(key):
        (_folder() / key).unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.DOCUMENTS_DIR) / "imports"


def _throw_old(folder: Path) -> None:
    for path in folder.iterdir():
        if time.time() - path.stat().st_mtime > KEPT_SECONDS:
            path.unlink(missing_ok=True)
