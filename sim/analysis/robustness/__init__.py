"""Policies over all plausible worlds: who is best where, and what turns it."""
