"""The pages of the scanner."""
