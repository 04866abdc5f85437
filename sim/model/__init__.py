"""The simulated country: a Mesa model over compiled tables."""
