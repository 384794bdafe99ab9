"""The heart: batches, booklets, transfers, hand-over, scans, redemptions, blocking."""
