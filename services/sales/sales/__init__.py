"""The sales service: leads, opportunities and products."""
