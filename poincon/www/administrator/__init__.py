"""Screens of the administrator of the service."""
