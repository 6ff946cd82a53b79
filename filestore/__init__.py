"""Every byte that is kept: files with an owner, a purpose and a content type."""
