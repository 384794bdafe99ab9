"""The engine of the scanner in a real Chromium, in front of a real server."""
