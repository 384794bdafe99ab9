"""Screens of the places where passes are used: mediators and those who manage them."""
