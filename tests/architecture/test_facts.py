"""A fact is written once: its model says so, its migration says so, and the database holds to it."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model

from poincon.kernel.guards import AppendOnly, RefuseTruncate, guarded_tables

pytestmark = pytest.mark.django_db


def models_of_the_house() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("poincon.")]


def tables_guarded_by_migrations(kind: type[AppendOnly | RefuseTruncate] = AppendOnly) -> set[str]:
    migrations = MigrationLoader(connection).disk_migrations
    return {
        apps.get_model(app, operation.model_name)._meta.db_table
        for (app, _), migration in migrations.items()
        for operation in migration.operations
        if isinstance(operation, kind)
    }


def test_the_database_guards_what_the_migrations_say() -> None:
    assert guarded_tables() == tables_guarded_by_migrations() == tables_guarded_by_migrations(RefuseTruncate)


def test_every_model_that_calls_itself_a_fact_is_guarded() -> None:
    facts = {model._meta.db_table for model in models_of_the_house() if "A fact" in (model.__doc__ or "")}
    assert facts
    assert facts - guarded_tables() == set()


def test_the_journal_and_the_seals_are_guarded() -> None:
    assert {"kernel_auditentry", "kernel_seal"} <= guarded_tables()


def test_every_constraint_speaks_french() -> None:
    """The database's refusal has a sentence for the person, not only a name."""
    mute = [
        f"{model._meta.label}.{constraint.name}"
        for model in models_of_the_house()
        for constraint in model._meta.constraints
        if constraint.violation_error_message == constraint.default_violation_error_message
    ]
    assert not mute
