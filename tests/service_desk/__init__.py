"""Tests of service_desk."""
