"""Medicine and statistics: pure functions on frozen values; no clock, no input or output."""
