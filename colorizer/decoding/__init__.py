"""Uploads are decoded in processes of their own: `pool` keeps them, `process` is their program."""
