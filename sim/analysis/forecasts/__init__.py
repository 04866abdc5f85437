"""Forecasts of homicides, and how good they were."""
