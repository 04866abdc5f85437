"""Scenarios in, stored runs out: plan, engine, results folder."""
