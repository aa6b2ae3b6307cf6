"""The edge's machinery; no resource lives here."""
