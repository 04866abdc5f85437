"""What a user writes: TOML files, checked against the catalogue, resolved to a frozen `Scenario`."""

from sim.scenario.load import load, resolved_toml
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.read import library
from sim.scenario.scenario import Event, LeverPlan, Scenario

__all__ = ["Event", "LeverPlan", "Problem", "Scenario", "ScenarioError", "library", "load", "resolved_toml"]
