"""The pages' code and libraries in one file, bundled by esbuild from registry packages, and kept under the digest of its sources."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

APP = Path(__file__).parent / "app"
PLAYER = APP.parents[1] / "kernel" / "country.js"  # plays the kernel; part of the pages' worker
NAME = "bundle-{}.js"
COMMON = ("--bundle", "--minify", "--target=es2020", "--charset=utf8", "--legal-comments=none", "--log-level=warning")


class BundleError(Exception):
    """There is no bundle of the present sources, or none can be made here."""


def digest() -> str:
    """Sixteen hex digits of all that the bundle is made from."""
    found = hashlib.sha256()
    for path in (*sorted(APP.iterdir()), PLAYER):
        content = path.read_bytes()
        found.update(f"{path.name}\n{len(content)}\n".encode() + content)
    return found.hexdigest()[:16]


def path() -> Path:
    """Where the bundle of the present sources lies."""
    return APP.parent / NAME.format(digest())


def read() -> str:
    """The bundle of the present sources. Raises BundleError: the sources were edited and not bundled since."""
    kept = path()
    if not kept.is_file():
        raise BundleError(f"{kept.name} is not there: the pages' sources changed since they were bundled; python -m sim.page makes it")
    return kept.read_text(encoding="utf-8")


def make() -> str:
    """Bundle the sources; needs npm. Raises BundleError: a tool is missing, or it failed."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        shutil.copytree(APP, work, dirs_exist_ok=True)
        shutil.copy(PLAYER, work)
        _run(work, "npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--silent")
        esbuild = str(work / "node_modules" / ".bin" / "esbuild")
        _run(work, esbuild, "worker.js", *COMMON, "--format=iife", "--outfile=worker.txt")
        jsx = ("--jsx=automatic", "--jsx-import-source=preact", "--loader:.txt=text")
        _run(work, esbuild, "page.jsx", *COMMON, *jsx, "--format=iife", "--outfile=bundle.js")
        return (work / "bundle.js").read_text(encoding="utf-8").replace("</script", "<\\/script")


def _run(folder: Path, *command: str) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    except OSError as error:
        raise BundleError(f"{command[0]} cannot be run: {error.strerror}") from None
    if done.returncode:
        raise BundleError(f"{Path(command[0]).name} failed:\n{done.stderr.strip() or done.stdout.strip()}")
