"""Accounts: people log in with email and password."""
