"""Pages of whoever runs the network, one file per subject."""
