"""What each architecture does before and after its network."""
