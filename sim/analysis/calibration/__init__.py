"""Which parameters agree with the evidence."""
