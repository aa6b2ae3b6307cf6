"""Safety alerts: from an answer to the person who acts on it."""
