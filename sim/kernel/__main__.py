"""Make the kernels that ship: `python -m sim.kernel` (half a minute), with numba, and `ziglang` from PyPI for its linker.

Nothing is done where they are up to date; `--check` only says whether they are. The same source and tools give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.model.compile.compiled import LIST, SHIPPED, entries
from sim.model.compile.version import digests, source_digest

TOOLS = ("numba", "llvmlite", "ziglang")
SHARED = ("-shared", "--strip-all", "--build-id=none", "--hash-style=gnu", "-z", "noexecstack", "--no-rosegment", "-z", "noseparate-code")
LINK = {"so": ("ld.lld", *SHARED), "wasm": ("wasm-ld", "--no-entry", "--export-dynamic", "--export=__heap_base", "--strip-all")}


@dataclass(frozen=True)
class Kind:
    """A kind of computer."""

    triple: str  # as LLVM names it
    cpu: str  # the least of its processors
    needs: tuple[str, ...]  # what Linux calls their features
    suffix: str = "so"  # of the file
    features: str = ""  # of the processor beyond those that every `cpu` has, as LLVM names them


KINDS = {  # processors since 2013, and browsers since 2023
    "x86_64-linux": Kind("x86_64-unknown-linux-gnu", "x86-64-v3", ("avx2", "bmi1", "bmi2", "f16c", "fma", "movbe")),
    "aarch64-linux": Kind("aarch64-unknown-linux-gnu", "generic", ("asimd",)),
    "wasm32": Kind("wasm32-unknown-unknown", "generic", (), "wasm", "+bulk-memory,+nontrapping-fptoint,+sign-ext,+simd128"),
}


def build() -> tuple[dict[str, bytes], dict[str, Any]]:
    """Every kernel by the name of its file, and the list of them."""
    from sim.model.compile import whole  # noqa: PLC0415  numba

    program, found, files = whole.program(entries()), digests(), {}
    listed: dict[str, Any] = {"source": source_digest(), "model": found.model, "digest": found.kernel, "kernels": {}}
    listed["tools"] = {name: version(name) for name in TOOLS}
    for name, kind in KINDS.items():
        machine, model = whole.Machine(kind.triple, kind.cpu, kind.features), "static" if kind.suffix == "wasm" else "pic"
        code = linked(whole.emit(program, machine, {"digest": found.kernel}, reloc=model, codemodel="default"), LINK[kind.suffix])
        file = f"{found.kernel}-{name}.{kind.suffix}"
        files[file] = code
        listed["kernels"][name] = {"file": file, "sha256": hashlib.sha256(code).hexdigest(), "features": kind.needs}
    return files, listed


def linked(code: bytes, linker: tuple[str, ...]) -> bytes:
    """A shared object, or a module of a browser, from an object file."""
    with tempfile.TemporaryDirectory() as folder:
        there, made = Path(folder, "kernel.o"), Path(folder, "kernel")
        with there.open("wb") as file:
            file.write(code)
        subprocess.run([sys.executable, "-m", "ziglang", *linker, "-o", str(made), str(there)], check=True)
        return made.read_bytes()


def main(arguments: list[str]) -> int:
    """Bring `sim/kernel/` up to date, or say whether it is."""
    try:
        listed = json.loads((SHIPPED / LIST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        listed = {}
    fresh = listed.get("digest") == digests().kernel and all((SHIPPED / each["file"]).is_file() for each in listed["kernels"].values())
    if "--check" in arguments:
        known = fresh and listed["source"] == source_digest()
        sys.stdout.write(f"kernels are {'up to date' if known else 'of another source'}\n")
        return 0 if known else 1
    if fresh:
        listed |= {"source": source_digest(), "model": digests().model}
    else:
        files, listed = build()
        for old in SHIPPED.glob("????????????????-*"):
            old.unlink()
        for name, code in files.items():
            with (SHIPPED / name).open("wb") as file:
                file.write(code)
            sys.stdout.write(f"{name}: {len(code):,} bytes\n")
    with (SHIPPED / LIST).open("w", encoding="utf-8", newline="\n") as text:
        json.dump(listed, text, indent=1, sort_keys=True)
        text.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
