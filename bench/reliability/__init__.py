"""What happens to acknowledged check-ins when servers are killed, restarted, lose power, or run for long."""
