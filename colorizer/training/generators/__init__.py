"""What is trained: one module for each architecture; `registry` has an entry for each."""
