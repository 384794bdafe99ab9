"""docs/operate/scanner-protocol.md says every code, and who says it; the engine of our scanner says no other."""

import re
from pathlib import Path

import poincon.www
from poincon.api.reading import MOST_SCANS
from poincon.passes.device_words import ANNUL_REFUSALS, DEVICE_REFUSALS, sentences
from poincon.passes.refusals import SCAN_REFUSALS
from poincon.passes.services.annul import UNDO_MINUTES
from poincon.programmes.models.programme import LARGEST_BOOKLET

PAGE = (Path(__file__).parents[2] / "docs" / "operate" / "scanner-protocol.md").read_text(encoding="utf-8")
ENGINE = Path(poincon.www.__file__).parent / "base" / "static" / "poincon" / "scanner" / "engine"
ROW = re.compile(r"^\| `(\w+)` \| (server|device|server, device) \| ", re.MULTILINE)
#: A refusal that the engine decides, wherever it does.
REFUSED = re.compile(r"(?:refused\(|passing\((?:code|\{\}|parse\(record\.code\)), )\"(\w+)\"")
#: Whatever is written as a code is: words joined by underscores.
WRITTEN_AS_A_CODE = re.compile(r"\"([a-z]+(?:_[a-z]+)+)\"")
PHASES = {"not_enrolled"}


def engine(name: str) -> str:
    return (ENGINE / name).read_text(encoding="utf-8")


def all_of_the_engine() -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted(ENGINE.glob("*.js")))


def constant(name: str, text: str) -> int:
    found = re.search(rf"const {name} = ([\d_]+)", text)
    assert found, name
    return int(found[1])


def test_every_code_is_listed_in_order_with_who_says_it() -> None:
    told = [code for code, _who in ROW.findall(PAGE)]
    assert told == [said.code for group in (SCAN_REFUSALS, ANNUL_REFUSALS, DEVICE_REFUSALS) for said in group]


def test_what_the_engine_refuses_is_told_of_devices() -> None:
    refused = set(REFUSED.findall(all_of_the_engine()))
    of_devices = {code for code, who in ROW.findall(PAGE) if "device" in who}
    told_by_the_state = {
        "mediator_not_trained",
        "mediator_unknown",
        "venue_outside_territory",
        "service_outside_qualification",
    }
    undone_too_late = {said.code for said in ANNUL_REFUSALS}
    assert {"already_used", "forged_signature", "offline_queue_full", "storage_full"} <= refused
    assert refused - undone_too_late <= of_devices
    assert of_devices - refused <= told_by_the_state | {"other_operator_waits"}


def test_the_engine_says_nothing_that_the_server_does_not_bring() -> None:
    said = set(WRITTEN_AS_A_CODE.findall(all_of_the_engine())) - PHASES
    assert {"accepted_offline", "annul_refused", "other_operator_waits"} <= said
    assert said - set(sentences()) == set()


def test_the_engine_knows_the_limits_of_the_server() -> None:
    assert constant("MOST_SCANS", engine("sync.js")) == MOST_SCANS
    assert constant("LARGEST_BOOKLET", engine("codes.js")) == LARGEST_BOOKLET
    assert f"UNDO = {UNDO_MINUTES} * MINUTE" in engine("records.js")
    assert f"Within {UNDO_MINUTES} minutes" in PAGE
    assert f"at most {MOST_SCANS:,} a request" in PAGE
