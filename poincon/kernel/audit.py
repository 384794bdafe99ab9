"""The journal of changes: one entry for every change of a setting, a right, a bank account or an identity."""

from typing import Any, Protocol

from django.db.models import Model

from poincon.kernel.models import AuditEntry


class Author(Protocol):
    """Who acts, as far as the journal needs to know (organisations.actors.Actor is one)."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def label(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def address(self) -> str: ...


def record(
    by: Author,
    action: str,
    subject: Model,
    *,
    programme_id: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> AuditEntry:
    """Write one entry, in the caller's transaction: the change and its trace are kept together or not at all."""
    return AuditEntry.objects.create(
        author_id=by.user_id,
        author_label=by.label,
        source=by.source,
        address=by.address,
        action=action,
        subject=subject._meta.label_lower,
        subject_id=str(subject.pk),
        programme_id=programme_id,
        before=before or {},
        after=after or {},
    )


def last_entry(action: str, subject: Model) -> AuditEntry | None:
    """The latest entry of this action on that subject; None when nobody did it. One statement."""
    entries = AuditEntry.objects.filter(action=action, subject=subject._meta.label_lower, subject_id=str(subject.pk))
    return entries.order_by("-pk").first()
