"""What is printed for passes: booklets, letters, proofs, transfer slips, destruction records."""
