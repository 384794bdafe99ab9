import os
import re
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from poincon.config.safety import Mode, production_faults, read_mode, require_safe

SAFE = {
    "POINCON_MODE": "production",
    "POINCON_SECRET_KEY": "a-secret-that-signs-sessions-and-forms-0123456789-abcdef",
    "POINCON_MASTER_KEYS": "a-secret-that-locks-away-what-is-sensitive-0123456789",
    "POINCON_PUBLIC_URL": "https://pass.creuse.example",
    "POINCON_HOSTS": "pass.creuse.example",
    "POINCON_EMAIL_HOST": "smtp.creuse.example",
    "DATABASE_URL": "postgresql://poincon@db.creuse.example/poincon",
}


def test_a_safe_environment_has_no_fault() -> None:
    assert production_faults(SAFE) == []


@pytest.mark.parametrize("name", sorted(SAFE.keys() - {"POINCON_MODE"}))
def test_a_missing_value_is_named(name: str) -> None:
    faults = production_faults({key: value for key, value in SAFE.items() if key != name})
    assert len(faults) == 1
    assert name in faults[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("POINCON_SECRET_KEY", "short"),
        ("POINCON_MASTER_KEYS", "short"),
        ("POINCON_MASTER_KEYS", SAFE["POINCON_MASTER_KEYS"] + ",short"),
        ("POINCON_MASTER_KEYS", ","),
        ("POINCON_MASTER_KEYS", SAFE["POINCON_SECRET_KEY"]),
        ("POINCON_PUBLIC_URL", "http://pass.creuse.example"),
        ("POINCON_HOSTS", "*"),
        ("POINCON_HOSTS", "pass.creuse.example,*"),
        ("POINCON_HOSTS", ","),
    ],
)
def test_a_weak_value_is_named(name: str, value: str) -> None:
    faults = production_faults(SAFE | {name: value})
    assert len(faults) == 1
    assert name in faults[0]


def test_every_fault_is_said_at_once() -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        require_safe({}, Mode.PRODUCTION)
    assert all(name in str(refusal.value) for name in SAFE if name != "POINCON_MODE")


@pytest.mark.parametrize("mode", [Mode.DEVELOPMENT, Mode.DEMO, Mode.TEST])
def test_only_production_must_be_safe(mode: Mode) -> None:
    require_safe({}, mode)


def test_without_a_word_the_mode_is_development() -> None:
    assert read_mode({}) is Mode.DEVELOPMENT


def test_an_unknown_mode_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ImproperlyConfigured, match="development, demo, test, production"):
        read_mode({"POINCON_MODE": "prod"})


def start(environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    """Start the product with nothing but this environment: nothing of the tests' own settings."""
    ours = ("POINCON_", "DATABASE_URL", "DJANGO_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(
        [sys.executable, "manage.py", *command], env=clean | environment, capture_output=True, text=True, check=False
    )


def test_an_unsafe_production_site_does_not_start() -> None:
    refused = start(SAFE | {"POINCON_SECRET_KEY": "short"}, "check")
    assert refused.returncode != 0
    assert "POINCON_SECRET_KEY" in refused.stderr


def test_a_safe_production_site_passes_the_checks_of_django() -> None:
    checked = start(SAFE, "check", "--deploy", "--fail-level", "WARNING")
    warnings = set(re.findall(r"\((\w+\.[WEC]\d+)\)", checked.stderr))
    # Preloading binds every site of the domain, for years: that is for the owner of the domain to ask, not for us.
    assert warnings <= {"security.W021"}, checked.stderr
