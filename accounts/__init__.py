"""People: accounts with e-mail login."""
