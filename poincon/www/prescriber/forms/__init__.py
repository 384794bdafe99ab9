"""What a prescriber types, one file by subject."""
