"""Activities: what was done with a customer."""
