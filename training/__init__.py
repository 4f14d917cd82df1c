"""Training of the readers; see README.md."""
