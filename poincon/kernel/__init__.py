"""The few things every floor needs: money, append-only and lock helpers, audit, seals, documents, messages, tasks."""
