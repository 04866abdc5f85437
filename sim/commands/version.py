"""`cartelitos --version -v`: what a report of a fault needs, and under which licences everything here stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import sim
from sim.experiment.provenance import code, machine, versions
from sim.model.compile.version import model_version

COPYLEFT = "GPL"


def lines() -> Iterator[str]:
    """Versions, the machine, and every installed library that this package asks for, or that one of those asks for."""
    found, here = code(Path(sim.__file__).parent), machine()
    changed = ", with uncommitted changes" if found["dirty"] else ""
    yield f"cartelitos {sim.__version__}, revision {found['revision'] or 'unknown'}{changed}, model {model_version()}"
    yield f"Python {versions()['python']}, {here['system']}, {here['cpu']}"
    yield f"processor features {' '.join(here['features'])}; libm {here['libm']}; NumPy exp {here['numpy exp']}; bits {here['bits']}"
    yield ""
    installed = sorted(libraries(), key=lambda library: library.name.lower())
    width = max(len(f"{library.name} {library.version}") for library in installed)
    for library in installed:
        said = licence(library)
        only = all(COPYLEFT in choice for choice in said.split(", "))
        note = ": optional, of the extra `robust`; who passes it on together with this does so under the GPL" if only else ""
        yield f"{f'{library.name} {library.version}':{width}}  {said}{note}"


def libraries() -> list[Distribution]:
    """Installed distributions that this one requires, extras included, and those that they require."""
    found: dict[str, Distribution] = {}
    wanted = ["cartelitos"]
    while wanted:
        name = wanted.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key not in found:
            try:
                found[key] = distribution(name)
            except PackageNotFoundError:
                continue
            own = (line for line in found[key].requires or () if key == "cartelitos" or "extra ==" not in line)
            wanted += [match[0] for match in (re.match(r"[\w.-]+", line) for line in own) if match]
    return list(found.values())


def licence(library: Distribution) -> str:
    """As its metadata say: an expression, else classifiers, else the first line of a text."""
    classified = [line.rpartition("::")[2].strip() for line in _said(library, "Classifier") if line.startswith("License ::")]
    texts = [text.strip().partition("\n")[0][:60] for text in _said(library, "License")]
    found = ", ".join([*_said(library, "License-Expression")] or classified or texts) or "not said"
    return found.replace("GNU GENERAL PUBLIC LICENSE", "GNU General Public License (GPL)")


def _said(library: Distribution, field: str) -> list[str]:
    return library.metadata.get_all(field) or []
