"""The site: settings, URLs, health, metrics."""
