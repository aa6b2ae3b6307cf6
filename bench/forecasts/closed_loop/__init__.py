"""The decision in a closed loop: a policy decides on the next infusion, and what follows depends on it."""
