"""Our own bank accounts; their balance follows from what was booked (FI-08)."""
