"""Messages: events from the outbox to the inbox, the topology they travel by, and what is told again."""
