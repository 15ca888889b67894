"""Pages that several services answer together."""
