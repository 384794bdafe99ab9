"""Organisations, the people who act for them, their roles and their rights."""
