"""What exists, as data with units and sources: parameters, levers, metrics, sources. Imports nothing heavier than numpy."""
