"""The papers of a story: what its people would have printed or sent to the bank."""

from poincon.demo.world import Stage, World
from poincon.settlement.documents import (
    sepa_file,
    settlement_statement_csv,
    settlement_statement_pdf,
    statement_pdf,
)
from poincon.settlement.enums import StatementState
from poincon.settlement.models import PaymentBatch, Statement
from poincon.settlement.rules import is_transfer


def write_papers(world: World) -> None:
    """The largest statement of each programme, and the files of its last approved payment batch."""
    for stage in world.stages.values():
        statements = Statement.objects.filter(programme=stage.programme).exclude(state=StatementState.CANCELLED)
        largest = statements.select_related("programme", "operator").order_by("-passes", "pk").first()
        if largest is not None:
            _keep(world, stage, f"releve-{largest.number}.pdf", statement_pdf(largest))
        orders = PaymentBatch.objects.filter(programme=stage.programme, approved_at__isnull=False)
        last = orders.select_related("programme__owner").order_by("-approved_at", "-pk").first()
        if last is not None:
            _write_order(world, stage, last)


def _write_order(world: World, stage: Stage, order: PaymentBatch) -> None:
    name = f"ordre-{order.pk}"
    if is_transfer(order.method):
        _keep(world, stage, f"{name}-sepa.xml", sepa_file(order))
        return
    _keep(world, stage, f"{name}-etat-liquidatif.pdf", settlement_statement_pdf(order))
    _keep(world, stage, f"{name}-etat-liquidatif.csv", "".join(settlement_statement_csv(order)).encode())


def _keep(world: World, stage: Stage, name: str, content: bytes) -> None:
    folder = world.out / stage.programme.code
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    world.files.append(folder / name)
