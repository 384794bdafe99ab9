"""Mails leave by the workers, once the verb that causes them is written; each is recorded, sent or not."""

import logging
import smtplib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone, translation
from django_tasks import task

from poincon.kernel.db import chunks
from poincon.kernel.messages.letters import Letter
from poincon.kernel.messages.notices import NOTICES, Notice
from poincon.kernel.messages.rendering import as_mail
from poincon.kernel.models import Message, MessageState

logger = logging.getLogger(__name__)

#: What happened longer ago is recorded after the fact (an import, a history): a mail about it would only confuse.
FRESH = timedelta(days=2)
#: When a server does not answer, try again after each of these, then give up and show it.
RETRIES = (timedelta(minutes=2), timedelta(minutes=20), timedelta(hours=3))
MAILS_PER_TASK = 50


@dataclass(frozen=True)
class Recipient:
    """To whom: a person, or the mailbox of an organisation (no person), and in which language."""

    address: str
    user_id: int | None = None
    language: str = ""


def announce(
    notice: Notice, told: Iterable[tuple[object, Recipient]], *, happened_at: datetime, now: datetime | None = None
) -> list[Message]:
    """Queue one mail for each (id of what it is about, recipient), in the caller's transaction: both or neither.

    Nothing is queued for what happened more than two days ago. Called by verbs, so that screens and commands alike
    cause the mail.
    """
    now = now or timezone.now()
    if now - happened_at > FRESH:
        return []
    messages = Message.objects.bulk_create(
        Message(
            template=notice.code,
            subject_id=str(subject_id),
            user_id=recipient.user_id,
            address=recipient.address,
            language=recipient.language or settings.LANGUAGE_CODE,
            queued_at=now,
        )
        for subject_id, recipient in told
    )
    _queue(messages)
    return messages


def send_again(messages: Iterable[Message]) -> int:
    """Queue mails that failed once more; returns how many. Those sent or waiting are left as they are."""
    ids = [message.pk for message in messages]
    stuck = Message.objects.filter(pk__in=ids, state__in=(MessageState.FAILED, MessageState.SENDING))
    wanted = list(stuck)
    stuck.update(state=MessageState.WAITING, attempts=0, error="")
    _queue(wanted)
    return len(wanted)


def record_sent(template: str, address: str, *, user_id: int | None = None, error: str = "") -> Message:
    """Keep the trace of a mail that could not wait for a worker (a sign-in code): sent, or why not."""
    now = timezone.now()
    return Message.objects.create(
        template=template,
        user_id=user_id,
        address=address,
        language=translation.get_language() or settings.LANGUAGE_CODE,
        queued_at=now,
        sent_at=None if error else now,
        state=MessageState.FAILED if error else MessageState.SENT,
        attempts=1,
        error=error,
    )


def _queue(messages: list[Message]) -> None:
    for some in chunks(messages, MAILS_PER_TASK):
        deliver.enqueue([message.pk for message in some])


@task()
def deliver(message_ids: list[int]) -> None:
    """Send these mails, each on its own: one that fails does not hold the others."""
    for message_id in message_ids:
        # Whoever moves the row from waiting to sending sends it: never two workers.
        if Message.objects.filter(pk=message_id, state=MessageState.WAITING).update(
            state=MessageState.SENDING, attempts=F("attempts") + 1
        ):
            _send(Message.objects.get(pk=message_id))


def _send(message: Message) -> None:
    try:
        letter = _letter(message)
        if letter is not None:
            with translation.override(message.language):
                as_mail(letter, message.address).send()
    except Exception as error:
        # Whatever it is, it is kept and shown: the other mails of the task go on.
        _failed(message, error)
        return
    message.state = MessageState.SENT if letter is not None else MessageState.DROPPED
    message.sent_at, message.error = timezone.now(), ""
    message.save(update_fields=["state", "sent_at", "error"])


def _letter(message: Message) -> Letter | None:
    with translation.override(message.language):
        return NOTICES[message.template].build(message.subject_id, message.user_id)


def _failed(message: Message, error: Exception) -> None:
    again = message.attempts <= len(RETRIES) and _may_pass(error) and deliver.get_backend().supports_defer
    logger.warning("mail %s (%s) not sent: %s", message.pk, message.template, type(error).__name__)
    message.state = MessageState.WAITING if again else MessageState.FAILED
    message.error = f"{type(error).__name__}: {error}"[:500]
    message.save(update_fields=["state", "error"])
    if again:
        later = timezone.now() + RETRIES[message.attempts - 1]
        deliver.using(run_after=later).enqueue([message.pk])


def _may_pass(error: Exception) -> bool:
    """Whether trying again can help: a server that is away, not an address that it refuses for good."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code < 500 for code, _reason in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code < 500
    return isinstance(error, OSError)
