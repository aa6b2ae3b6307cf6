"""What people look at: SVG, PNG and HTML made from clinical values."""
