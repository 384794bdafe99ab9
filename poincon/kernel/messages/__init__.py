"""Mails: what a domain says in ``notices.py``, the dress it is sent in, the record of what left and what did not."""

from poincon.kernel.messages.addresses import address_of
from poincon.kernel.messages.letters import PLAIN, SAMPLE_DRESS, Dress, Fact, Letter, dress_of
from poincon.kernel.messages.notices import NOTICES, Notice, declare, sample_letters
from poincon.kernel.messages.rendering import as_html, as_mail, as_text
from poincon.kernel.messages.sending import Recipient, announce, record_sent, send_again

__all__ = [
    "NOTICES",
    "PLAIN",
    "SAMPLE_DRESS",
    "Dress",
    "Fact",
    "Letter",
    "Notice",
    "Recipient",
    "address_of",
    "announce",
    "as_html",
    "as_mail",
    "as_text",
    "declare",
    "dress_of",
    "record_sent",
    "sample_letters",
    "send_again",
]
