"""A mistake is normal: what was just done is said with a button that undoes it."""

from django.contrib import messages
from django.http import HttpRequest

from poincon.kernel.refusals import Text


def done_undoable(request: HttpRequest, sentence: Text, *, undo_url: str) -> None:
    """Say on the next page what was done; its button posts to ``undo_url``, where the verb that undoes it decides."""
    messages.success(request, str(sentence), extra_tags=undo_url)
