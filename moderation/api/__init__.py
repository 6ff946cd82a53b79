"""The REST API's part about reports and what staff decide; `colorsite.urls` puts it among the other addresses."""
