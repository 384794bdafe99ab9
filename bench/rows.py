"""Rows by the hundred thousand, made by the database itself from one row that the verbs wrote."""

from datetime import UTC, date, datetime
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


def copies(model: "Model", times: int, *, only: str = "1 = 1", **changed: str) -> int:
    """Make them with ``clone``; the key of the first one. The others follow it, one by one."""
    rows = type(model)._default_manager  # noqa: SLF001  what Django calls it
    last = rows.latest("pk").pk
    clone(model, times, only=only, **changed)
    return int(rows.filter(pk__gt=last).earliest("pk").pk)


def nth(first: int, expression: str = "i") -> str:
    """The SQL of the key of the copy of that rank, counted from 1, when the first one has this key."""
    return f"{first} - 1 + {expression}"


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


def days_after(day: date, expression: str) -> str:
    """The SQL of the day that is so many days after."""
    from django.db import connection

    if connection.vendor == "postgresql":
        return f"DATE '{day}' + CAST({expression} AS integer)"
    return f"date('{day}', '+' || ({expression}) || ' days')"


def minutes_after(moment: datetime, expression: str) -> str:
    """The SQL of the moment that is so many minutes after."""
    from django.db import connection

    if connection.vendor == "postgresql":
        return f"TIMESTAMPTZ '{moment.isoformat()}' + ({expression}) * INTERVAL '1 minute'"
    return f"datetime('{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}', '+' || ({expression}) || ' minutes')"
