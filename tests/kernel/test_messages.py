"""Mails: queued with the verb, sent once, kept when they fail; both texts say the same."""

import smtplib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import Message as Mime
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import override_settings
from django.utils import translation
from django_tasks_db.models import DBTaskResult

from poincon.kernel.messages import (
    NOTICES,
    Dress,
    Fact,
    Letter,
    Recipient,
    announce,
    as_mail,
    declare,
    send_again,
    sending,
)
from poincon.kernel.messages.notices import Notice
from poincon.kernel.models import Message, MessageState
from tests.factories import NOW, make_user

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><rect width="2" height="1" fill="#a4552a"/></svg>'
#: The queue of the product, where tests run tasks at once.
queued = override_settings(TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}})
LETTER = Letter(
    subject="Un colis\nest en route",
    paragraphs=("Il y a <dix> chéquiers & un bordereau.",),
    dress=Dress(name="Pass Creuse", funder="Département", phone="05 55 00 00 00", email="pass@creuse.example"),
    facts=(Fact("Bordereau", "n° 4"),),
    action=("Recevoir le colis", "https://pass.example/colis/4"),
    remarks=("Merci.",),
)


@pytest.fixture
def notice() -> Iterator[Notice]:
    yield declare(
        "test.parcel",
        "Essai",
        build=lambda subject, _user: None if subject == "gone" else LETTER,
        sample=lambda: LETTER,
    )
    del NOTICES["test.parcel"]


def told(notice: Notice, subject: object = 4, address: str = "ana@ccas.example") -> Message:
    announce(notice, [(subject, Recipient(address))], happened_at=NOW, now=NOW)
    return Message.objects.get()


@pytest.mark.django_db
def test_a_mail_leaves_and_is_recorded_without_what_it_said(notice: Notice) -> None:
    user = make_user()
    announce(notice, [(4, Recipient(user.email, user.pk, "en"))], happened_at=NOW, now=NOW)
    message = Message.objects.get()
    assert (message.state, message.subject_id, message.user, message.language) == ("sent", "4", user, "en")
    assert [sent.to for sent in mail.outbox] == [[user.email]]
    assert not any("chéquiers" in str(getattr(message, field.name)) for field in Message._meta.fields)


@pytest.mark.django_db
def test_what_happened_long_ago_is_not_announced(notice: Notice) -> None:
    announce(notice, [(4, Recipient("ana@ccas.example"))], happened_at=NOW - timedelta(days=3), now=NOW)
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
@queued
def test_a_verb_that_fails_sends_nothing(notice: Notice) -> None:
    def verb() -> None:
        with transaction.atomic():
            told(notice)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        verb()
    assert not Message.objects.exists()
    assert mail.outbox == []


@pytest.mark.django_db
def test_what_is_no_longer_true_is_not_sent(notice: Notice) -> None:
    assert told(notice, "gone").state == MessageState.DROPPED
    assert mail.outbox == []


def broken(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def refuse(*_: Any) -> int:
        raise error

    monkeypatch.setattr("poincon.kernel.messages.rendering.RelatedMail.send", refuse)


@pytest.mark.django_db
def test_a_failure_is_kept_and_the_mail_can_be_sent_again(notice: Notice, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        broken(patch, ConnectionRefusedError("no server"))
        failed = told(notice)
    assert (failed.state, failed.error) == (MessageState.FAILED, "ConnectionRefusedError: no server")
    assert send_again([failed]) == 1
    failed.refresh_from_db()
    assert (failed.state, failed.error, len(mail.outbox)) == (MessageState.SENT, "", 1)
    assert send_again([failed]) == 0


@pytest.mark.django_db
@queued
def test_a_server_that_is_away_is_tried_again_later(notice: Notice, monkeypatch: pytest.MonkeyPatch) -> None:
    message = told(notice)
    broken(monkeypatch, ConnectionRefusedError("no server"))
    for attempt in (1, 2, 3):
        sending.deliver.call([message.pk])
        message.refresh_from_db()
        assert (message.state, message.attempts) == (MessageState.WAITING, attempt)
    sending.deliver.call([message.pk])
    message.refresh_from_db()
    assert message.state == MessageState.FAILED
    assert DBTaskResult.objects.count() == 4


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b.fr": (550, b"unknown")}), False),
        (smtplib.SMTPRecipientsRefused({"a@b.fr": (450, b"busy")}), True),
        (smtplib.SMTPDataError(554, b"spam"), False),
        (TimeoutError(), True),
        (KeyError("x"), False),
    ],
)
def test_only_what_may_pass_is_tried_again(error: Exception, again: bool) -> None:
    assert sending._may_pass(error) is again


@pytest.mark.django_db
def test_a_mail_is_never_sent_twice(notice: Notice) -> None:
    message = told(notice)
    sending.deliver.call([message.pk])
    assert len(mail.outbox) == 1


def parts(letter: Letter) -> dict[str, Mime]:
    return {part.get_content_type(): part for part in as_mail(letter, "ana@ccas.example").message().walk()}


def content(part: Mime) -> str:
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


def test_both_texts_say_the_same() -> None:
    found = parts(LETTER)
    text, html = content(found["text/plain"]), content(found["text/html"])
    for words in (
        "Recevoir le colis",
        "https://pass.example/colis/4",
        "n° 4",
        "Merci.",
        "05 55 00 00 00",
        "Département",
    ):
        assert words in text
        assert words in html
    assert "<dix> chéquiers & un" in text
    assert "&lt;dix&gt; chéquiers &amp; un" in html


def test_the_head_of_a_mail_names_the_scheme() -> None:
    ready = as_mail(LETTER, "ana@ccas.example")
    assert ready.subject == "Un colis est en route"
    assert ready.from_email.startswith("Pass Creuse <")
    assert ready.reply_to == ["pass@creuse.example"]


def test_the_logo_travels_inside_the_mail() -> None:
    dressed = replace(LETTER, dress=replace(LETTER.dress, logo_svg=LOGO))
    found = parts(dressed)
    assert found["image/png"]["Content-ID"] == "<logo>"
    assert 'src="cid:logo"' in content(found["text/html"])
    assert "multipart/related" in found
    assert "image/png" not in parts(LETTER)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("code", sorted(NOTICES))
def test_every_mail_has_a_sample_in_every_language(code: str, language: str) -> None:
    with translation.override(language):
        ready = as_mail(NOTICES[code].sample(), "ana@ccas.example")
    assert ready.subject
    assert "%(" not in f"{ready.body}{ready.subject}"
    assert len(ready.subject) <= 70


def test_a_mail_asks_nothing_of_another_site() -> None:
    for notice in NOTICES.values():
        html = content(parts(notice.sample())["text/html"])
        assert "<script" not in html
        assert 'src="http' not in html
