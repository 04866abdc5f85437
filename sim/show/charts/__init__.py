"""One picture per module."""
