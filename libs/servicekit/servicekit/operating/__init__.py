"""Operating: what is looked at and mended while it runs, and what is migrated and forgotten."""
