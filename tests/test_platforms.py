"""Windows and macOS, simulated: what only Unix has is taken away, and everything is imported and used. No other system was run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
UNIX = {
    "os": ("fork", "O_NOFOLLOW", "O_DIRECTORY", "getuid", "geteuid", "getloadavg", "sched_getaffinity", "sysconf", "killpg", "setsid"),
    "signal": ("SIGKILL", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGALRM", "alarm", "pthread_sigmask"),
}
MAC = {"os": ("sched_getaffinity",), "signal": ()}
TAKEN_AWAY = """
import importlib
for name in {others!r}:  # libraries mind their own platforms
    try:
        importlib.import_module(name)
    except ImportError:
        pass
import filelock
filelock.SoftFileLock("warm.lock").acquire()  # it chooses its calls by platform when it is first used
import  multiprocessing, os, pkgutil, signal, sys
for name in {modules!r}:
    sys.modules[name] = None  # importing it is an ImportError
for module, names in {names!r}.items():
    for name in names:
        vars(sys.modules[module]).pop(name, None)
sys.platform = {platform!r}
multiprocessing.set_start_method("spawn", force=True)
"""
IMPORTS = """
import sim
failed = []
for found in pkgutil.walk_packages(sim.__path__, "sim."):
    if not found.name.endswith("__main__") and "linux" not in found.name:
        try:
            importlib.import_module(found.name)
        except ModuleNotFoundError as error:
            if (error.name or "").split(".")[0] in {modules!r}:
                failed.append((found.name, str(error)))
        except (AttributeError, ImportError) as error:
            failed.append((found.name, str(error)))
assert not failed, failed
"""
RUNS = """
if __name__ == "__main__":
    from sim import cli
    status = cli.status(["compare", "baseline", "rewards*2", "-n", "2", "--set", "world.years=0.5", "--engine", "serial", "--out", "out"])
    sys.stdout.flush()
    os._exit(status)
"""
OTHERS = (
    "asyncio", "subprocess", "multiprocessing.managers", "concurrent.futures", "numba", "pyarrow.parquet", "pyarrow.csv",
    "matplotlib.figure", "matplotlib.animation", "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg",
    "mesa", "pydantic", "click", "filelock", "scipy.stats",
    "scipy.stats.qmc", "starlette.applications", "uvicorn", "distributed", "SALib.analyze.morris", "SALib.sample.sobol", "pandas",
    "psutil", "PIL.Image", "sklearn", "webbrowser", "getpass", "tempfile",
)  # fmt: skip
SYSTEMS = {"win32": (("fcntl", "resource", "pwd", "grp", "termios", "tty"), UNIX), "darwin": ((), MAC)}


@pytest.mark.journey
@pytest.mark.parametrize("platform", SYSTEMS)
@pytest.mark.parametrize("script", [IMPORTS, RUNS], ids=["imports", "compares"])
def test_another_system(platform, script, tmp_path):
    modules, names = SYSTEMS[platform]
    file = tmp_path / "elsewhere.py"
    named = sys.platform if (platform, script) == ("win32", RUNS) else platform  # else filelock calls Windows itself
    start = TAKEN_AWAY.format(modules=modules, names=names, platform=named, others=OTHERS)
    file.write_text(start + script.replace("{modules!r}", repr(modules)), encoding="utf-8")
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "agg"}
    done = subprocess.run([sys.executable, str(file)], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    if script == RUNS:
        assert "TRADE-OFFS" in done.stdout
        assert (tmp_path / "out" / "report.html").exists()
