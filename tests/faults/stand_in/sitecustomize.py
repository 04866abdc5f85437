"""Another model in place of `sim.model.run`: `FAKE` names it in `fakes`.

Python imports this file by its name in every process that has this folder on its path, workers as well as drivers.
"""

import os
import sys
from types import ModuleType

import fakes

import sim.experiment.execute
import sim.experiment.provenance

model = ModuleType("sim.model.run")
model.simulate = getattr(fakes, os.environ["FAKE"])
sys.modules["sim.model.run"] = model
sim.experiment.execute._is_warm = lambda: True
sim.experiment.execute.PART_SECONDS = float(os.environ.get("PART_SECONDS", "10"))
if "VERSION" in os.environ:
    sim.experiment.provenance.model_version = lambda: os.environ["VERSION"]
