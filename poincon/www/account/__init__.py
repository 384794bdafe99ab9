"""Signing in and out, the second factor, the password: django-allauth dressed in our words."""
