"""Programmes (dispositifs): territory, publics, rules, funding, receipts, catalogue of services."""
