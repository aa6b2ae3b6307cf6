"""Reports on the wire: forecast performance and outcomes."""
