"""What anybody may see without an account: the page behind a printed code."""
