"""Documents on paper: Typst templates become tagged, archivable PDF files; codes are drawn as vector squares."""

from poincon.kernel.documents.codes import MAXIMUM_CODE_MM, MINIMUM_MODULE_MM, UnprintableCodeError, code_svg
from poincon.kernel.documents.engine import DocumentError, Letterhead, picture, release_memory, render, render_pictures
from poincon.kernel.documents.french import count, day, euros, period
from poincon.kernel.documents.tables import Column, Table, render_tables

__all__ = [
    "MAXIMUM_CODE_MM",
    "MINIMUM_MODULE_MM",
    "Column",
    "DocumentError",
    "Letterhead",
    "Table",
    "UnprintableCodeError",
    "code_svg",
    "count",
    "day",
    "euros",
    "period",
    "picture",
    "release_memory",
    "render",
    "render_pictures",
    "render_tables",
]
