"""Runs Kehu on one machine: virtual environment, private PostgreSQL and RabbitMQ, services, gateway and their tests.

Only the standard library is used here, because this code runs before anything is installed.
"""
