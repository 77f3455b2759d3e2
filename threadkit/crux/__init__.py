"""What objections turn on, and where it comes back: encode, cluster, name, sides, recurrence."""
