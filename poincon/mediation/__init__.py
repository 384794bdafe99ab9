"""Where and what: venues of operators and the services they offer."""
