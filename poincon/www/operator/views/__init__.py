"""The pages of a structure, one file by subject."""
