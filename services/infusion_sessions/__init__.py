"""What happened around one infusion: timeline, vital signs, discharge check, the clinic's limits."""
