"""Consent to steps of records: asked for by their service, given in identity, followed by their service."""
