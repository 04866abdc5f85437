"""Does a wrong sign get noticed? By hand: `python tests/benchmarks/sign_errors.py [NAME ...]`.

Plants one sign error after the other into a copy of the sources and runs the few tests of the default suite that ought to notice it,
uncompiled (an edit would compile for a minute, these tests take seconds). Golden summaries do not count: they notice everything and
understand nothing. Exit status 1: one was not noticed, or a test fails without any error.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
TWIN = "theory/test_twin.py"
PROCESSES = "theory/test_processes.py"
DIRECTIONS = "theory/test_directions.py"


class Planted(NamedTuple):
    """A line of `sim/model/`, the same line with a wrong sign, and the tests that ought to notice."""

    name: str
    file: str
    right: str
    wrong: str
    tests: tuple[str, ...]


PLANTED = (
    Planted(
        "demand rises with price", "mechanisms/market.py",
        "exp(-p.demand_elasticity", "exp(p.demand_elasticity",
        (f"{PROCESSES}::test_seizures_raise_revenue_if_and_only_if_demand_is_inelastic",),
    ),
    Planted(
        "routes run into seizures", "mechanisms/market.py",
        "- adaptation * n.push_memory", "+ adaptation * n.push_memory",
        (f"{DIRECTIONS}::test_routes_adapt_to_seizures",),
    ),
    Planted(
        "naloxone kills", "mechanisms/market.py",
        "deaths = usual * using * answer * danger * (1.0 - survival)", "deaths = usual * using * answer * danger * (1.0 + survival)",
        (f"{DIRECTIONS}::test_naloxone_saves_lives_and_keeps_users",),
    ),
    Planted(
        "treatment makes heavy users", "mechanisms/market.py",
        "* year - entering + (1.0", "* year + entering + (1.0",
        (f"{DIRECTIONS}::test_treatment_leaves_fewer_heavy_users",),
    ),
    Planted(
        "allies harm whom they help", "mechanisms/contest.py",
        "facing(c, i, k) / (1.0 + plaza.help[i])", "facing(c, i, k) * (1.0 + plaza.help[i])",
        (TWIN,),
    ),
    Planted(
        "impunity protects", "mechanisms/contest.py",
        "(p.conviction_base - t.conviction[k])", "(t.conviction[k] - p.conviction_base)",
        (f"{DIRECTIONS}::test_impunity_kills",),
    ),
    Planted(
        "prison attracts recruits", "mechanisms/recruitment.py",
        "- p.fear_prison * t.arrest_risk[k]", "+ p.fear_prison * t.arrest_risk[k]",
        (TWIN,),
    ),
    Planted(
        "harm done by force deters recruits", "mechanisms/recruitment.py",
        "mood += p.grievance_pull", "mood -= p.grievance_pull",
        (TWIN,),
    ),
    Planted(
        "lost leaders make patient", "mechanisms/income.py",
        "p.patience * (1.0 - p.leader_loss_weight", "p.patience * (1.0 + p.leader_loss_weight",
        (TWIN, f"{PROCESSES}::test_more_groups_or_shorter_lived_leaders_turn_peace_into_war"),
    ),
    Planted(
        "patience breaks pacts", "mechanisms/peace.py",
        "effective / (effective + m) - patience)", "effective / (effective + m) + patience)",
        ("theory/test_closed_forms.py::test_a_pact_turns_at_the_threshold_of_repeated_play",),
    ),
    Planted(
        "guns weaken", "mechanisms/income.py",
        "+ p.arms_weight * cartel.more[n]", "- p.arms_weight * cartel.more[n]",
        (f"{PROCESSES}::test_raising_my_arms_raises_enemy_losses_and_never_mine",),
    ),
    Planted(
        "cohesion makes leave", "fall/leaving.py",
        "p.leave_base - p.leave_cohesion", "p.leave_base + p.leave_cohesion",
        (TWIN,),
    ),
    Planted(
        "bribes build integrity", "mechanisms/enforcement.py",
        "* (1.0 - y) - pressure * y) / WEEKS", "* (1.0 - y) + pressure * y) / WEEKS",
        (f"{DIRECTIONS}::test_bribes_erode_integrity_and_convictions_follow",),
    ),
)  # fmt: skip


def failures(tree: Path, tests: tuple[str, ...]) -> list[str]:
    """Ids of the tests that fail in a copy of the sources.

    Raises:
        RuntimeError: they could not be run.
    """
    here = os.environ | {"PYTHONPATH": str(tree), "NUMBA_DISABLE_JIT": "1", "CARTELITOS_CACHE": str(tree / "cache"), "PYTEST_ADDOPTS": ""}
    command = [sys.executable, "-m", "pytest", "-q", "--tb=no", "-p", "no:cacheprovider", *(f"tests/{test}" for test in tests)]
    done = subprocess.run(command, cwd=tree, env=here, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stdout + done.stderr)
    return [line.split(" ")[1].removeprefix("tests/") for line in done.stdout.splitlines() if line.startswith("FAILED ")]


def main(names: list[str]) -> int:
    chosen = [error for error in PLANTED if not names or error.name in names]
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        for part in ("sim", "scenarios", "tests", "pyproject.toml"):
            source = ROOT / part
            (shutil.copytree if source.is_dir() else shutil.copy)(source, tree / part)
        every = tuple(dict.fromkeys(test for error in chosen for test in error.tests))
        unmoved = failures(tree, every)
        print(f"without an error, {len(unmoved)} tests fail", *unmoved)
        missed = 0
        for error in chosen:
            path, began = tree / "sim" / "model" / error.file, time.monotonic()
            whole = path.read_text(encoding="utf-8")
            path.write_text(whole.replace(error.right, error.wrong), encoding="utf-8")
            found = failures(tree, error.tests)
            path.write_text(whole, encoding="utf-8")
            missed += not found
            some = f"noticed by {len(found)}: {found[0]}" if found else "NOT NOTICED"
            print(f"{error.name:36} {time.monotonic() - began:4.0f} s  {some}", flush=True)
    return 1 if missed or unmoved else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
