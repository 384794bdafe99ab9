"""The verbs of passes, one file each."""
