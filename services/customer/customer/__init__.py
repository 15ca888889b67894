"""The customer service: customers, contacts, addresses and what was done with them."""
