"""The pages of a prescriber, one file by subject."""
