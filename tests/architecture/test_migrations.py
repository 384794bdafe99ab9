"""Migrations are complete, go down to nothing and come up again, on the engine of the run."""

import json
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import call_command

from tests.architecture.repository import ROOT

#: Goes up, down to nothing, and up again; prints what stands in the database after each.
THERE_AND_BACK = """
import json
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from poincon.kernel.guards import guarded_tables

def schema():
    look = connection.introspection
    with connection.cursor() as cursor:
        tables = {
            table: [[column.name for column in look.get_table_description(cursor, table)],
                    sorted(look.get_constraints(cursor, table))]
            for table in look.table_names(cursor)
        }
    return {"tables": tables, "guards": sorted(guarded_tables())}

def up():
    call_command("migrate", verbosity=0)
    return schema()

def down(apps):
    MigrationExecutor(connection).migrate([(app, None) for app in apps])
    return schema()

print(json.dumps([up(), down(APPS), up()]))
"""


def migrated_apps() -> list[str]:
    ours = [name.split(".")[-1] for name in settings.INSTALLED_APPS if name.startswith("poincon.")]
    return [app for app in ours if (ROOT / "poincon" / app / "migrations").exists()]


@pytest.mark.django_db
def test_no_model_changed_without_its_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True)


def test_migrations_go_down_to_nothing_and_up_again(fresh_environment: dict[str, str]) -> None:
    script = THERE_AND_BACK.replace("APPS", repr(migrated_apps()))
    command = [sys.executable, "manage.py", "shell", "--no-imports", "--command", script]
    done = subprocess.run(command, cwd=ROOT, env=fresh_environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    complete, nothing, again = json.loads(done.stdout)
    assert complete["guards"]
    assert [table for table in nothing["tables"] if table.startswith(tuple(f"{app}_" for app in migrated_apps()))] == []
    assert again == complete
