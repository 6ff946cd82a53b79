"""The pages of the settings, one module per section. What allauth brings (email, password, codes) looks like them."""
