"""Statements of what each operator is owed, payment batches, files for the bank or the public accountant."""
