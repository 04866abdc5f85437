"""A results folder: its lock, its pieces, whether it is whole, its runs once more."""
