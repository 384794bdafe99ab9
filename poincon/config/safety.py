"""What a production start must have. Refused by name, before anything opens."""

from collections.abc import Mapping
from enum import Enum

from django.core.exceptions import ImproperlyConfigured

SECRET_LENGTH = 50


class Mode(Enum):
    DEVELOPMENT = "development"
    DEMO = "demo"
    TEST = "test"
    PRODUCTION = "production"


def read_mode(environ: Mapping[str, str]) -> Mode:
    """The mode asked by ``POINCON_MODE``. Raises ImproperlyConfigured on an unknown word."""
    word = environ.get("POINCON_MODE", "development")
    try:
        return Mode(word)
    except ValueError:
        known = ", ".join(mode.value for mode in Mode)
        raise ImproperlyConfigured(f"POINCON_MODE vaut « {word} ». Valeurs possibles : {known}.") from None


def production_faults(environ: Mapping[str, str]) -> list[str]:
    """Every reason why these settings may not serve the public, one French sentence each."""
    faults = []
    if len(environ.get("POINCON_SECRET_KEY", "")) < SECRET_LENGTH:
        faults.append(f"POINCON_SECRET_KEY manque ou compte moins de {SECRET_LENGTH} caractères.")
    master_keys = [key for key in environ.get("POINCON_MASTER_KEYS", "").split(",") if key.strip()]
    if not master_keys or any(len(key.strip()) < SECRET_LENGTH for key in master_keys):
        faults.append(f"POINCON_MASTER_KEYS manque, ou une clé compte moins de {SECRET_LENGTH} caractères.")
    if environ.get("POINCON_SECRET_KEY") in master_keys:
        faults.append("POINCON_MASTER_KEYS doit différer de POINCON_SECRET_KEY.")
    if not environ.get("POINCON_PUBLIC_URL", "").startswith("https://"):
        faults.append("POINCON_PUBLIC_URL manque ou ne commence pas par https://.")
    hosts = [host for host in environ.get("POINCON_HOSTS", "").split(",") if host]
    if not hosts or "*" in hosts:
        faults.append("POINCON_HOSTS manque ou contient « * » : nommez les hôtes servis.")
    if not environ.get("DATABASE_URL"):
        faults.append("DATABASE_URL manque : nommez la base de production.")
    if not environ.get("POINCON_EMAIL_HOST"):
        faults.append("POINCON_EMAIL_HOST manque : sans courriel, personne ne peut se connecter.")
    return faults


def require_safe(environ: Mapping[str, str], mode: Mode) -> None:
    """Stop the start of a production site whose settings are not safe. Raises ImproperlyConfigured, naming them."""
    if mode is not Mode.PRODUCTION:
        return
    faults = production_faults(environ)
    if faults:
        raise ImproperlyConfigured("Poinçon refuse de démarrer en production :\n- " + "\n- ".join(faults))
