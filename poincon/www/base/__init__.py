"""What every screen shares: the layout, the look, who may see what, error pages."""
