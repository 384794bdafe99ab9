"""The people who receive booklets, and their case file in each programme."""
