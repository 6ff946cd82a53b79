"""The site: settings, addresses, health."""
