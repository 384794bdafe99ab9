"""One module for each family of commands. Thin: they read what is typed, call the verb, and say what it did."""
