"""What everything stands on: the database, the request's context, errors, ids, settings, fields and their texts."""
