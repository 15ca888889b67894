"""The customer: the noun everything else here belongs to."""
