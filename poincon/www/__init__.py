"""Screens, one folder per audience. A view reads, shows, and calls one verb: it decides nothing itself."""
