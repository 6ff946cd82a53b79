"""One folder for each architecture; `registry` has an entry for each, and that is all it takes."""
