"""What scans present: taken apart, and proved authentic before any rule looks at it.

Verifying a signature takes a tenth of a millisecond of processor and no lock of Python: those of a village hall coming
back on line are verified by two threads while the database locks the booklets
(docs/decisions/0005-redemption-in-few-statements.md).
"""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

from nacl.signing import VerifyKey

from poincon.kernel.refusals import Refusal
from poincon.passes import codes, keys, refusals
from poincon.passes.codes import SignedCode, TypedNumber
from poincon.passes.rules import ScanRequest

#: What a scan presents, or why it is not even read.
Presented = SignedCode | TypedNumber | Refusal
#: Below this, handing the work to other threads costs more than it saves.
FEW = 32
THREADS = 2


def number_of(code: SignedCode | TypedNumber) -> int:
    """The booklet that a code names."""
    return code.payload.number if isinstance(code, SignedCode) else code.number


class Presentation:
    """What some scans present, in their order. ``claimed`` is read at once; ``proved`` waits for the signatures."""

    def __init__(self, requests: Sequence[ScanRequest]) -> None:
        read = [_read(request) for request in requests]
        verifiers = keys.verifiers({code.payload.key for code in read if isinstance(code, SignedCode)})
        self.claimed: list[Presented] = [
            refusals.UNKNOWN_KEY if isinstance(code, SignedCode) and code.payload.key not in verifiers else code
            for code in read
        ]
        signed = [code for code in self.claimed if isinstance(code, SignedCode)]
        self._verdicts = _verified([(verifiers[code.payload.key], code.packed, code.signature) for code in signed])

    def numbers(self) -> set[int]:
        """The booklets that the codes name, genuine or not."""
        return {number_of(code) for code in self.claimed if not isinstance(code, Refusal)}

    def proved(self) -> list[Presented]:
        """The codes whose signature is genuine; the refusal ``forged`` in the place of the others."""
        genuine = iter([verdict for part in self._verdicts for verdict in part.result()])
        return [
            refusals.FORGED if isinstance(code, SignedCode) and not next(genuine) else code for code in self.claimed
        ]


def _read(request: ScanRequest) -> Presented:
    if request.fault:
        return refusals.MALFORMED.filled(fault=request.fault)
    try:
        return codes.read(request.presented)
    except codes.WrongCheckCharacterError:
        return refusals.WRONG_CHECK_CHARACTER
    except codes.UnreadableCodeError:
        return refusals.UNREADABLE


Signed = tuple[VerifyKey, bytes, bytes]


def _verified(signed: Sequence[Signed]) -> list[Future[list[bool]]]:
    if len(signed) <= FEW:
        done: Future[list[bool]] = Future()
        done.set_result(_genuine(signed))
        return [done]
    share = -(-len(signed) // THREADS)
    return [_threads().submit(_genuine, signed[start : start + share]) for start in range(0, len(signed), share)]


def _genuine(signed: Sequence[Signed]) -> list[bool]:
    return [keys.is_authentic(verifier, packed, signature) for verifier, packed, signature in signed]


@cache
def _threads() -> ThreadPoolExecutor:
    # Made at the first need: a server that forks its workers would leave the threads of the parent behind.
    return ThreadPoolExecutor(THREADS, thread_name_prefix="signatures")
