"""The OpenAPI description: what REST framework's views say of themselves, and allauth's part."""
