"""Screens of whoever runs the network for the funder."""
