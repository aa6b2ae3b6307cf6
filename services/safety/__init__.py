"""Safety alerts: answers, alerts, settings, outbox and deliveries."""
