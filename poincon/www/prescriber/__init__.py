"""Screens of those who hand booklets over."""
