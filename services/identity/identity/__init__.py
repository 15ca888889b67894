"""The identity service: who works here, what they may do, how they sign in, and who approves what."""
