"""Pages of whoever pays: what is to pay, statements, payment orders, accounts, the register."""
