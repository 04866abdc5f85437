"""One submodel per file.

Each is a function of the country, the parameters and this week's push; each docstring says what it reads, what it writes, its rule
with units, and its source. The order in which they run is `sim.model.week.week`.
"""
