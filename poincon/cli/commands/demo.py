"""A whole scheme, played in a new database, then served."""
