"""What the finance service tells the others, a file a noun."""
