"""/api/v1: what scanners, ours and anyone's, ask of Poinçon."""
