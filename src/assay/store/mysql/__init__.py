"""Stores in MariaDB and MySQL."""
