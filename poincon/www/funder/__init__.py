"""Screens of the funder, and of those who only read its figures."""
