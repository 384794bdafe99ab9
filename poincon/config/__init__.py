"""Assembly only: settings, URLs, WSGI entry point, worker. Imports everything, is imported by nothing."""
