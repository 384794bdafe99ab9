"""The guides, one for each role: written in docs/guide/, read at /aide/."""
