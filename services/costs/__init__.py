"""What infusions cost: prices, sums, currencies."""
