"""Screens of whoever pays and keeps the registers."""
