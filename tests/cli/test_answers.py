"""How every command answers: exit codes, refusals, JSON, what it costs to ask for help."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import OperationalError

from poincon.organisations.enums import Role
from poincon.passes.models import Scan, SigningKey
from poincon.programmes.models import Programme
from tests import factories
from tests.cli.conftest import Typed


def in_a_process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "poincon", *arguments],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "poincon.config.settings"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.sqlite
def test_help_does_not_wait_for_django() -> None:
    code = (
        "import sys\nfrom poincon.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code, "--help"], capture_output=True, check=False).returncode == 0


@pytest.mark.sqlite
def test_settings_that_are_not_safe_are_refused_by_name() -> None:
    done = in_a_process("programme", "list", POINCON_MODE="production")
    assert done.returncode == 1
    assert "POINCON_SECRET_KEY" in done.stderr


@pytest.mark.sqlite
def test_the_demonstration_is_refused_with_production_settings() -> None:
    done = in_a_process("demo", "--no-serve", POINCON_MODE="production")
    assert done.returncode == 1
    assert "ne se joue pas avec des réglages de production" in done.stderr


def test_a_database_without_tables_is_said_in_words(fresh_environment: dict[str, str]) -> None:
    done = in_a_process("programme", "list", **fresh_environment)
    assert done.returncode == 1
    assert "poincon migrate" in done.stderr


@pytest.mark.sqlite
def test_nothing_is_served_before_the_database_is_ready(fresh_environment: dict[str, str]) -> None:
    assert in_a_process("serve", **fresh_environment).returncode == 1


@pytest.mark.django_db
def test_done_is_zero(typed: Typed) -> None:
    assert typed("keys", "rotate").exit_code == 0
    assert SigningKey.objects.count() == 1


@pytest.mark.django_db
def test_refused_is_one_with_the_sentence_and_the_next_step(typed: Typed) -> None:
    programme = factories.make_programme()
    done = typed("batch", "order", programme.code, "--quantity", "1", "--size", "10")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "Refus : Aucune clé ne peut signer les pass de ce service." in done.stderr
    assert "→ L’administrateur en crée une" in done.stderr


@pytest.mark.django_db
def test_a_refusal_is_json_for_a_script(typed: Typed) -> None:
    programme = factories.make_programme()
    done = typed("batch", "order", programme.code, "--quantity", "1", "--size", "10", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stderr)["refused"] == "no_signing_key"


@pytest.mark.django_db
def test_wrongly_typed_is_two(typed: Typed) -> None:
    assert typed("programme", "show", "inconnu").exit_code == 2
    assert typed("programme", "show").exit_code == 2
    assert typed("programmes").exit_code == 2


@pytest.mark.django_db
def test_an_answer_is_json_for_a_script(typed: Typed) -> None:
    programme = factories.make_programme()
    told = json.loads(typed("programme", "show", programme.code, "--json").stdout)
    assert told["funnel"]["ordered"] == 0
    assert told["cover"]["received"] == 0


@pytest.mark.django_db
def test_a_mistake_of_ours_is_not_hidden(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(Programme.objects, "select_related", broken)
    with pytest.raises(OperationalError):
        typed("programme", "list")


@pytest.mark.django_db
def test_a_command_acts_for_the_server_or_for_one_person(typed: Typed) -> None:
    programme = factories.make_programme()
    funder = factories.make_membership(Role.FUNDER, programme.owner).user
    colleague = factories.make_membership(Role.OBSERVER, programme.owner).user
    stranger = factories.make_user()
    command = ("receipt", "add", programme.code, "100", "--kind", "cash", "--on", "2026-01-05")
    assert typed(*command, "--reference", "A", "--as", funder.email).exit_code == 0
    assert typed(*command, "--reference", "B").exit_code == 0
    for person in (colleague, stranger):
        refused = typed(*command, "--reference", "C", "--as", person.email)
        assert refused.exit_code == 1
        assert "Vous n’avez pas le droit" in refused.stderr
    labels = list(programme.receipts.order_by("id").values_list("recorded_by_label", flat=True))
    assert labels[0] == funder.full_name
    assert labels[1].startswith("commande (")


@pytest.mark.django_db
def test_an_unknown_person_cannot_be_acted_for(typed: Typed) -> None:
    done = typed("keys", "rotate", "--as", "personne@exemple.fr")
    assert done.exit_code == 2
    assert "n’est le courriel d’aucun compte" in done.stderr


@pytest.mark.django_db
def test_a_faulty_programme_file_says_every_fault_and_writes_nothing(typed: Typed, tmp_path: Path) -> None:
    file = tmp_path / "dispositif.toml"
    file.write_text('code = "x"\nnome = "y"\n')
    done = typed("programme", "create", str(file))
    assert done.exit_code == 1
    assert "nome" in done.stderr
    assert not Programme.objects.exists()


@pytest.mark.django_db
def test_the_name_of_the_first_command_may_be_left_out(typed: Typed) -> None:
    short, whole = typed("scan", "4829 1570 364K"), typed("scan", "codes", "4829 1570 364K")
    assert short.exit_code == whole.exit_code == 1
    assert "On ne sait pas qui poinçonne." in short.stderr
    assert short.stderr == whole.stderr
    assert "IDENTIFIANT" in typed("scan", "annul").stderr


@pytest.mark.django_db
def test_a_punch_says_where_and_for_what(typed: Typed) -> None:
    scheme = factories.make_scheme()
    mediator = factories.make_membership(Role.MEDIATOR, scheme.operator).user
    done = typed("scan", "4829 1570 364K", "--operator", scheme.operator.siret, "--as", mediator.email)
    assert done.exit_code == 2
    assert "Dites où et pour quel service" in done.stderr


@pytest.mark.django_db
def test_a_refused_punch_is_told_and_kept(typed: Typed) -> None:
    scheme = factories.make_scheme()
    mediator = factories.make_membership(Role.MEDIATOR, scheme.operator).user
    stranger = factories.make_user()
    command = ("scan", "4829 1570 364K", "--venue", str(scheme.venue.pk), "--service", scheme.service.code)
    by = ("--operator", scheme.operator.siret, "--as")
    done = typed(*command, *by, mediator.email, "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["results"][0]["outcome"] == "refused"
    assert Scan.objects.get().mediator == mediator
    assert "Vous n’avez pas le droit" in typed(*command, *by, stranger.email).stderr
    assert Scan.objects.count() == 1
