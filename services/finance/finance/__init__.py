"""The finance service: what customers owe us and we owe suppliers, and the money that settles it."""
