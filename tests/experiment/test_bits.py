"""The last bits are the same on every processor; what could change them is recorded, and other bits are never mixed in unasked."""

import json
import os
import subprocess
import sys

import fakes
import pytest

from sim.experiment import provenance
from sim.experiment.errors import FolderError
from sim.experiment.execute import execute
from sim.experiment.plan import Plan
from sim.experiment.provenance import bits, machine, other_bits
from sim.experiment.reading import read_plan

PLAN = Plan.of([fakes.scenario("a")], 2, 1)
MASKS = {
    "NumPy without AVX-512": ("X86_V4", "NPY_DISABLE_CPU_FEATURES", "X86_V4 AVX512_ICL"),
    "glibc without FMA": ("X86_V3", "GLIBC_TUNABLES", "glibc.cpu.hwcaps=-FMA,-AVX2,-FMA4,-AVX512F,-AVX512VL"),
}


@pytest.mark.parametrize("mask", MASKS)
def test_masked_processors_give_the_same_bits_and_are_recorded(mask):
    """What runs consist of; the C library's exp and NumPy's are others there."""
    feature, name, value = MASKS[mask]
    if feature not in machine()["features"] or (name == "GLIBC_TUNABLES" and "glibc" not in machine()["libm"]):
        pytest.skip(f"this processor cannot be one {mask}")
    ask = "import json, math, numpy; from sim.experiment.provenance import machine; at = [k / 97 - 10 for k in range(2000)]\n"
    ask += "print(json.dumps([machine(), [*map(math.exp, at)], numpy.exp(at).tolist()]))"
    found, *theirs = [subprocess.run([sys.executable, "-c", ask], env=os.environ | more, capture_output=True, text=True, check=True).stdout
                      for more in ({name: value}, {})]  # fmt: skip
    (other, *libraries), (own, *ours) = json.loads(found), json.loads(theirs[0])
    assert libraries != ours, "the mask does nothing"
    assert other["features"] != own["features"] or other["libm"] != own["libm"]
    assert other["bits"] == own["bits"] == bits()


def test_a_plan_says_where_its_bits_come_from(tmp_path):
    execute(PLAN, tmp_path / "out", engine="serial", simulate=fakes.simulate)
    found = read_plan(tmp_path / "out")["machine"]
    assert found == machine()
    assert found.keys() >= {"features", "libm", "numpy exp", "bits"}
    assert other_bits({"machine": found}) == ""


def test_runs_of_other_bits_are_never_mixed_unasked(tmp_path, monkeypatch):
    out = tmp_path / "out"
    execute(PLAN, out, engine="serial", simulate=fakes.simulate)
    monkeypatch.setattr(provenance, "bits", lambda: "0" * 8)
    more = Plan.of([fakes.scenario("a")], 4, 1)
    with pytest.raises(FolderError, match=r"it was made where numbers are rounded differently.*--mix-versions"):
        execute(more, out, engine="serial", simulate=fakes.simulate)
    assert execute(more, out, engine="serial", simulate=fakes.simulate, mix_versions=True).done == 2
