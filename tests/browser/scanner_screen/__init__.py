"""The screen of the scanner: its camera, keyboard, looks. Its engine has its own tests (tests/browser/scanner)."""
