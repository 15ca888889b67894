"""The few facts about customers and contacts that the service desk keeps a copy of, and what follows from them."""
