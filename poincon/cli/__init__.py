"""The command line ``poincon``: the same verbs as the screens and the API, typed or scripted."""

from poincon.cli.french import speak_french


def main() -> None:
    """Run the command that was typed. Exit codes: 0 done, 1 refused by the domain, 2 wrongly typed."""
    speak_french()
    # After French: click translates some of its words as its modules are read.
    from poincon.cli.app import poincon

    poincon(prog_name="poincon")
