"""What medicine says: pure functions on frozen values; no clock, no input or output."""
