"""The lists of whoever runs the network."""
