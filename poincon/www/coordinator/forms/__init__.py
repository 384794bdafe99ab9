"""What whoever runs the network types."""
