"""What mediators and managers of a structure type."""
