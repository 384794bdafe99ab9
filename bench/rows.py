"""Rows by the hundred thousand, made by the database itself from one row that the verbs wrote."""

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.models import Model


def clone(model: "Model", times: int, *, only: str = "1 = 1", **changed: str) -> None:
    """Copy a row ``times`` times; ``changed`` columns are SQL expressions of ``i``, which counts from 1."""
    from django.db import connection

    table = model._meta.db_table
    columns = [str(field.column) for field in model._meta.local_concrete_fields if not field.primary_key]
    values = ", ".join(changed.get(column, f"model.{column}") for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE counted(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < {times}) "
            f"INSERT INTO {table} ({', '.join(columns)}) "
            f"SELECT {values} FROM counted CROSS JOIN {table} model WHERE model.id = {model.pk} AND {only}",
            None,
        )


def uuid_of(expression: str) -> str:
    """The SQL of a UUID made of a number."""
    from django.db import connection

    if connection.vendor == "postgresql":
        return f"lpad(to_hex({expression}), 32, '0')::uuid"
    return f"printf('%032x', {expression})"


def day_of(day: date) -> str:
    """The SQL of a day."""
    from django.db import connection

    return f"DATE '{day}'" if connection.vendor == "postgresql" else f"'{day}'"
