"""Compiled code comes from the first place that fits, says where from, and is never of another source, machine or owner."""

from __future__ import annotations

import ctypes
import json
import os
import re
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.kernel.__main__ import KINDS, TOOLS, build
from sim.model.chance import block, philox
from sim.model.compile import compiled as module
from sim.model.compile.compiled import BARE, LIST, SHIPPED, KernelError
from sim.model.compile.named import Numbers
from sim.model.compile.version import digests, source_digest

ALLOWED = {"memset", "memcpy", "memmove"}  # of the C library: no number passes through them
RUN = """
import sys
from hashlib import sha256
from cases import identical, scenario
from sim.model.compile import compiled
from sim.model.model import Cartelitos
from sim.model.week import weeks
model = Cartelitos(scenario(years=0.3), rng=5)
while model.running:
    model.step()
model.remove_kingpin(model.cartels[0], "killing")
c = model.state.country
told = sha256(c.flows.tobytes() + c.territory.floats.tobytes() + repr(list(model.events)).encode()).hexdigest()
print("numba" in sys.modules, "bare" if compiled.BARE else compiled.kernel().origin, told)
"""


def listed() -> dict:
    return json.loads((SHIPPED / LIST).read_text(encoding="utf-8"))


def ran(**environment: str) -> list[str]:
    command, around = [sys.executable, "-W", "ignore", "-c", RUN], os.environ | environment
    return subprocess.run(command, env=around, cwd=Path(__file__).parent, stdout=subprocess.PIPE, check=True, text=True).stdout.split()


def test_the_list_is_of_the_present_source():
    assert listed()["digest"] == digests().kernel, "run `python -m sim.kernel`"
    assert listed()["source"] == source_digest(), "run `python -m sim.kernel`: until then each start works the digests out, a second or so"


def test_kernel_and_interpreter_give_the_same_without_numba():
    shipped, bare = ran(), ran(CARTELITOS_KERNEL="python")
    assert [shipped[:2], bare[:2]] == [["False", "shipped"], ["False", "bare"]]
    assert shipped[2] == bare[2]


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """Kernels in a folder of their own, where they may be spoilt."""
    for file in (LIST, *(each["file"] for each in listed()["kernels"].values())):
        (tmp_path / file).write_bytes((SHIPPED / file).read_bytes())
    monkeypatch.setattr(module, "SHIPPED", tmp_path)
    monkeypatch.delenv("CARTELITOS_KERNEL", raising=False)
    return tmp_path


def changed(folder: Path, **other) -> None:
    """Say something else about this computer's kernel."""
    said = listed()
    said["kernels"][module.machine()] |= other
    (folder / LIST).write_text(json.dumps(said), encoding="utf-8")


def rewritten(path: Path, content: bytes) -> None:
    """Another file of that name: the old one may be in use."""
    path.unlink()
    path.write_bytes(content)


def shipped(folder: Path) -> Path:
    return folder / listed()["kernels"][module.machine()]["file"]


def truncate(folder: Path) -> None:
    path = shipped(folder)
    rewritten(path, path.read_bytes()[:-1000])


def strange(folder: Path) -> None:
    path = next(path for path in folder.iterdir() if path.suffix == ".so" and module.machine() not in path.name)
    changed(folder, file=path.name, sha256=module.hashlib.sha256(path.read_bytes()).hexdigest())


def forged(folder: Path) -> None:
    """The right kernel, but for the digest inside."""
    content = shipped(folder).read_bytes().replace(digests().kernel.encode(), b"0" * 16)
    (folder / "forged.so").write_bytes(content)
    changed(folder, file="forged.so", sha256=module.hashlib.sha256(content).hexdigest())


def older(folder: Path) -> None:
    (folder / LIST).write_text(json.dumps(listed() | {"digest": "0" * 16}), encoding="utf-8")


SPOILT = {
    "is damaged": truncate,
    "cannot be loaded": strange,
    "made from another source": forged,
    "not the one of the kernel": older,
    "is damaged$": lambda folder: rewritten(shipped(folder), b""),
    "Is a directory": lambda folder: (shipped(folder).unlink(), shipped(folder).mkdir()),
    "No such file": lambda folder: (shipped(folder).unlink(), shipped(folder).symlink_to("nowhere")),
    "list of kernels is not readable: 'int'": lambda folder: changed(folder, features=3),
    "list of kernels is not readable: unsupported": lambda folder: changed(folder, file=3),
    "this processor lacks magic": lambda folder: changed(folder, features=["magic"]),
    "cannot be loaded: ": lambda folder: changed(folder, file="none.so"),
    "list of kernels is not readable": lambda folder: (folder / LIST).write_text("{", encoding="utf-8"),
    "no kernel for": lambda folder: (folder / LIST).write_text(json.dumps(listed() | {"kernels": {}}), encoding="utf-8"),
}


@pytest.mark.parametrize(("reason", "spoil"), SPOILT.items(), ids=list(SPOILT))
def test_a_bad_kernel_is_not_used_and_one_line_says_why(copied, reason, spoil):
    assert module._shipped().origin == "shipped"
    spoil(copied)
    with pytest.raises(KernelError, match=reason) as caught:
        module._shipped()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("reason", "spoil"), SPOILT.items(), ids=list(SPOILT))
def test_what_is_waited_for_is_said_and_damage_also_where_a_kernel_is_kept(copied, monkeypatch, tmp_path, capsys, reason, spoil):
    spoil(copied)
    monkeypatch.setattr(module, "_kept", lambda: tmp_path / "none.o")
    module._chosen.cache_clear()
    try:
        assert module.is_warm() == BARE
        assert re.search(reason.removesuffix("$"), module.waiting())
        assert f"about {module.SECONDS} s" in module.waiting()
        (tmp_path / "none.o").write_bytes(b"half a kernel")
        assert module.is_warm() == BARE
        module._write(tmp_path / "none.o", b"a whole one")
        assert module.is_warm()
        assert not capsys.readouterr().err
        module._chosen.cache_clear()
        assert module.is_warm()
        said = capsys.readouterr().err
        expected = not BARE and not re.search("lacks magic|no kernel for", reason)
        assert (said.count("\n"), bool(re.search(reason.removesuffix("$"), said))) == (expected, expected)
    finally:
        module._chosen.cache_clear()


def test_a_kept_kernel_is_whole_or_made_again(tmp_path):
    path = tmp_path / "kept.o"
    assert module._read(path) is None
    module._write(path, b"code" * 100)
    assert module._read(path) == b"code" * 100
    content = bytearray(path.read_bytes())
    for place in (0, 40, len(content) - 1):
        spoilt = content.copy()
        spoilt[place] ^= 1
        path.write_bytes(spoilt)
        assert module._read(path) is None
    path.write_bytes(content[:-1])
    assert module._read(path) is None
    assert list(tmp_path.iterdir()) == [path]


def opened(folder: Path) -> Path:
    folder.mkdir()
    folder.chmod(0o777)
    return folder


def linked(folder: Path) -> Path:
    opened(folder.with_name("target"))
    folder.with_name("target").chmod(0o700)
    folder.symlink_to(folder.with_name("target"))
    return folder


def given_away(folder: Path) -> Path:
    folder.mkdir()
    try:
        os.chown(folder, os.geteuid() + 1, -1)
    except PermissionError:
        pytest.skip("only root can give a folder away")
    return folder


@pytest.mark.parametrize("spoil", [opened, linked, given_away])
def test_a_cache_that_others_could_write_is_not_used(tmp_path, monkeypatch, capsys, spoil):
    folder = spoil(tmp_path / "cache")
    monkeypatch.setenv("CARTELITOS_CACHE", str(folder))
    private = module.cache_folder.__wrapped__()
    assert private not in (folder, *folder.parents)
    assert (private.stat().st_mode & 0o777, private.stat().st_uid) == (0o700, os.geteuid())
    assert f"the cache {folder} is not used" in capsys.readouterr().err


def test_a_cache_of_ones_own_is_used(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CARTELITOS_CACHE", str(tmp_path / "a" / "cache"))
    assert module.cache_folder.__wrapped__() == tmp_path / "a" / "cache"
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(BARE, reason="nothing is compiled")
def test_compiled_code_takes_what_its_annotations_say():
    class Other(Numbers):
        some: float

    words = [np.uint64(word) for word in (1, 2, 3, 4, 5, 6)]
    assert philox(*words) == philox.py_func(*words)
    assert block(words[0], 3, key=words[1], seed=words[2]) == block(words[0], 3, words[1], words[2])
    with pytest.raises(TypeError, match="philox takes 6 arguments, not 2"):
        philox(1, 2)
    from sim.model.capacity import has_room

    with pytest.raises(TypeError, match="Country, not Other"):
        has_room(Other.blank(), 1)


def undefined(code: bytes) -> set[str]:
    """Names that a shared object expects others to have (ELF, 64 bits)."""
    (sections,) = struct.unpack_from("<Q", code, 0x28)
    size, number = struct.unpack_from("<HH", code, 0x3A)
    headers = [struct.unpack_from("<IIQQQQIIQQ", code, sections + size * each) for each in range(number)]
    found = set()
    for _, kind, _, _, start, length, link, _, _, _ in headers:
        if kind == 11:  # symbols for the dynamic linker
            names = headers[link][4]
            for at in range(start + 24, start + length, 24):
                name, _, _, section = struct.unpack_from("<IBBH", code, at)
                if section == 0:
                    found.add(ctypes.c_char_p(code[names + name : code.index(b"\0", names + name)]).value.decode())
    return found


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.endswith("linux")])
def test_no_number_passes_through_a_library(kind):
    assert undefined((SHIPPED / listed()["kernels"][kind]["file"]).read_bytes()) <= ALLOWED


def test_kernels_are_small_and_named_by_their_digest():
    files = [SHIPPED / each["file"] for each in listed()["kernels"].values()]
    assert {path.name.split("-")[0] for path in files} == {listed()["digest"]}
    assert sorted(path for path in SHIPPED.iterdir() if path.name.count("-")) == sorted(files)
    assert sum(path.stat().st_size for path in files) < 1_000_000


@pytest.mark.slow
def test_kernels_are_what_the_command_makes():
    pytest.importorskip("ziglang")
    from importlib.metadata import version

    if {name: version(name) for name in TOOLS} != listed()["tools"]:
        pytest.skip("made with other versions of the tools")
    files, said = build()
    assert {name: code == (SHIPPED / name).read_bytes() for name, code in files.items()} == dict.fromkeys(files, True)
    assert json.loads(json.dumps(said)) == listed()


def test_every_entry_has_a_name_of_its_own():
    entries = [each.entry for each in module.REGISTRY if each.entry]
    assert len(entries) == len(set(entries))


BESIDE = """
import numba
one = numba.njit(lambda x: max(min(x, 9.0), abs(int(x))))
print(one(2.5))
from cases import scenario
from sim.model.compile import compiled, version
from sim.model.run import simulate
version.BEGUN = 0  # as if the source had been edited since
assert version.source_edited()
print(simulate(scenario(years=0.2), 5).digest, compiled.kernel().origin)
two = numba.njit(lambda x, y: max(min(x, y), abs(int(x))) + round(x))
print(one(3.5), two(2.5, 4.0))
"""


@pytest.mark.slow
def test_ones_own_numba_goes_on_before_and_after_the_model_is_compiled_and_nothing_is_kept_of_an_edited_source(tmp_path):
    """What was imported before the edit would stand under the digest of what is there now; the numbers are those of the kernel."""
    around = os.environ | {"CARTELITOS_KERNEL": "jit", "CARTELITOS_CACHE": str(tmp_path / "cache")}
    command = [sys.executable, "-W", "ignore", "-c", BESIDE]
    told = subprocess.run(command, env=around, cwd=Path(__file__).parent, stdout=subprocess.PIPE, check=True, text=True).stdout.split()
    assert [told[0], *told[2:]] == ["2.5", "jit", "3.5", "4.5"]
    assert not [*tmp_path.rglob("*.o")]
    from cases import scenario

    from sim.model.run import simulate

    assert told[1] == simulate(scenario(years=0.2), 5).digest
