"""The country at the start of a run: tables in, a `World` out."""

from sim.model.worlds.world import CartelSeed, Members, Presence, Tie, World, load_world

__all__ = ["CartelSeed", "Members", "Presence", "Tie", "World", "load_world"]
