"""Contracts with their lines and payment terms: the state machine CT-01 to CT-07."""
