import re

import pytest

from tests.architecture.repository import files, sources, text

LONGEST = 400
#: A longer file is one room, not two: say why.
LONGER_FOR_A_REASON: dict[str, str] = {}

FORBIDDEN = {
    "the address of a package registry": r"pypi[.]org|python[h]osted|registry[.]npmjs|registry[.]yarnpkg",
    "a path of somebody’s machine": r"(?<![\w.])/(work|root|home)/\w",
    "a private key": r"BEGIN [A-Z ]*PRIVATE[ ]KEY",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    found = [
        f"{name}:{number}"
        for name in files()
        for number, line in enumerate(text(name).splitlines(), 1)
        if re.search(FORBIDDEN[what], line)
    ]
    assert not found, f"these lines hold {what}: {found}"


def test_the_forbidden_words_would_be_found() -> None:
    samples = {
        "the address of a package registry": "https://" + "pypi" + ".org/simple",
        "a path of somebody’s machine": "cd /ho" + "me/ana/poincon",
        "a private key": "-----BEGIN PRIVATE" + " KEY-----",
    }
    assert all(re.search(FORBIDDEN[what], sample) for what, sample in samples.items())


def test_a_file_is_a_room_not_a_corridor() -> None:
    long = {
        str(name): lines
        for name in sources(".py", ".html", ".js", ".typ")
        if (lines := len(text(name).splitlines())) > LONGEST and str(name) not in LONGER_FOR_A_REASON
    }
    assert not long, f"split them, or give a reason in {__name__}: {long}"


def test_reasons_for_long_files_are_still_needed() -> None:
    known = {str(name): len(text(name).splitlines()) for name in files() if str(name) in LONGER_FOR_A_REASON}
    assert {name for name, lines in known.items() if lines > LONGEST} == set(LONGER_FOR_A_REASON)
