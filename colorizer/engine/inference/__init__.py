"""Networks made fast and lean for painting; what they compute stays the same."""
