"""Pictures and pages made from tables; nothing here computes a result."""
