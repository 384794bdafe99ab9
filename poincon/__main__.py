"""``python -m poincon`` is ``poincon``, where the command itself is not installed."""

from poincon.cli import main

main()
