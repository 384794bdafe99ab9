from poincon.passes.models.batch import Batch, Booklet
from poincon.passes.models.handing import Block, HandOver, HandOverCancellation
from poincon.passes.models.key import SigningKey
from poincon.passes.models.movement import Destruction, Movement, Transfer
from poincon.passes.models.redemption import Annulment, Redemption, Scan

__all__ = [
    "Annulment",
    "Batch",
    "Block",
    "Booklet",
    "Destruction",
    "HandOver",
    "HandOverCancellation",
    "Movement",
    "Redemption",
    "Scan",
    "SigningKey",
    "Transfer",
]
