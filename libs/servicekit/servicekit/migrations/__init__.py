"""The kit's own tables, migrated in every service's database under a version table of their own."""
