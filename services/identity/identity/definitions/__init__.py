"""What an administrator configures for all services: dictionaries, numbering rules, parameters."""
