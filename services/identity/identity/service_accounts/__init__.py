"""Service accounts: programs that sign in with a secret, so that an ERP is no person with a password."""
