"""Files that settlement makes: statements, what the one who pays needs, what the bank reads."""

from poincon.settlement.documents.attestation import attestation_pdf
from poincon.settlement.documents.liquidation import settlement_statement_pdf
from poincon.settlement.documents.lists import (
    COLUMNS,
    DEFAULT_COLUMNS,
    passes_list_csv,
    settlement_statement_csv,
    statement_csv,
)
from poincon.settlement.documents.sepa import sepa_file
from poincon.settlement.documents.statement import statement_pdf

__all__ = [
    "COLUMNS",
    "DEFAULT_COLUMNS",
    "attestation_pdf",
    "passes_list_csv",
    "sepa_file",
    "settlement_statement_csv",
    "settlement_statement_pdf",
    "statement_csv",
    "statement_pdf",
]
