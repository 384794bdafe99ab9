"""The demonstration: a story told in a data file, played through the same verbs as real life.

``scenario`` reads the file, ``calendar`` moves it to today, the other modules turn it into dated deeds, ``player`` does
them in order. No module knows a scenario: to tell another story, write another file.
"""
