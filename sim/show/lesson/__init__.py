"""A lesson as one HTML file: predict, observe, explain."""
