"""What sixty pupils at once feel. By hand: `python tests/benchmarks/bench_class.py [ROUNDS]`; about ten seconds a round.

The server is a process of its own, as a teacher starts it. Wall times of pupils' actions, and the server's memory after every round.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from statistics import median

import httpx

sys.path.insert(0, str(Path(__file__).parents[1] / "page"))
from visitors import hour


def memory(process):
    """Resident, MiB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def tell(teach, **what):
    """What the teacher does."""
    httpx.post(f"{teach}/do", json=what, headers={"origin": teach.split("/teach")[0]}).raise_for_status()


def hours(count):
    with tempfile.TemporaryDirectory() as folder:
        arguments = ("class", "one-head", "--address", "127.0.0.1", "--port", "8765", "--out", folder, "--json", "--quiet")
        server = subprocess.Popen([sys.executable, "-m", "sim.cli", *arguments], stdout=subprocess.PIPE, text=True)
        told = json.loads(server.stdout.readline())
        base, do = told["pupils"], partial(tell, told["teacher"])
        time.sleep(1.0)
        lesson = json.loads(httpx.get(base).text.split('id="told">')[1].split("</script>")[0])["lesson"]
        about = next(k for k, arm in enumerate(lesson["arms"]) if arm["id"] == lesson["about"])
        for turn in range(1, count + 1):
            times = sorted(asyncio.run(hour(base, lesson, do, turn)))
            p95 = times[int(0.95 * len(times))]
            print(
                f"round {turn}: {len(times)} actions of 60 pupils: median {median(times):.3f} s, 95 % {p95:.3f} s, "
                f"longest {times[-1]:.3f} s; memory {memory(server.pid):.0f} MiB; load {os.getloadavg()[0]:.1f}"
            )
            for number in range(60 * (turn - 1) + 1, 60 * turn + 1):
                do(leave=number)
            do(round=about)
            do(stage="lobby")
        server.send_signal(signal.SIGINT)
        server.wait(10)


if __name__ == "__main__":
    hours(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
