"""Sixty pupils as a script: each loads the page, takes a seat, follows the class, fixes a guess, and sees what is shown."""

import asyncio
import json
import time

import httpx

PUPILS = 60


def a_guess(lesson, k=0):
    line = [(1000 * k + 500 * n) % lesson["top"] for n in range(len(lesson["years"]) - len(lesson["known"]))]
    about = next(n for n, arm in enumerate(lesson["arms"]) if arm["id"] == lesson["about"])
    return {"line": line, "asks": [k % 13 for _ in lesson["ask"]], "payer": k % 4, "reason": k % 2, "because": "=cmd()", "arm": about}


class Pupil:
    """One scripted visitor: the page, the code, a stream, a seat, a guess, a reload; every action is timed."""

    def __init__(self, base, lesson, number, turn, times):
        self.lesson, self.number, self.turn, self.times = lesson, number, turn, times
        self.client = httpx.AsyncClient(base_url=base, timeout=60, headers={"origin": base}, limits=httpx.Limits(keepalive_expiry=1.0))
        self.states, self.listening = [], None

    async def timed(self, method, path, **what):
        began = time.perf_counter()
        answer = await self.client.request(method, path, **what)
        self.times.append(time.perf_counter() - began)
        return answer

    async def follow(self):
        async with self.client.stream("GET", "/events", timeout=None) as answer:
            async for line in answer.aiter_lines():
                if line.startswith("data: "):
                    self.states.append(json.loads(line[6:]))

    async def arrive(self):
        page = await self.timed("GET", "/")
        assert page.status_code == 200
        script = page.text.split('<script src="')[1].split('"')[0]
        assert (await self.timed("GET", script)).headers["content-encoding"] == "gzip"
        assert (await self.timed("POST", "/join", json={"role": self.number % 5})).status_code == 200
        self.listening = asyncio.create_task(self.follow())

    async def fix(self):
        guess = {"round": self.turn, "guess": a_guess(self.lesson, self.number)}
        assert (await self.timed("POST", "/guess", json=guess)).status_code == 200

    async def until(self, what):
        for _ in range(1200):
            if self.states and what(self.states[-1]):
                return
            await asyncio.sleep(0.05)
        raise AssertionError(self.states[-1:])

    async def leave(self):
        self.listening.cancel()
        await asyncio.gather(self.listening, return_exceptions=True)
        await self.client.aclose()


async def hour(base, lesson, do, turn=1):
    """A class hour of sixty, in whatever round the class is; the seconds that every action took. `do` is what the teacher does."""
    times = []
    pupils = [Pupil(base, lesson, number, turn, times) for number in range(PUPILS)]
    await asyncio.gather(*(pupil.arrive() for pupil in pupils))
    await asyncio.gather(*(pupil.until(lambda state: state["here"] == PUPILS) for pupil in pupils))
    await asyncio.to_thread(do, stage="guess")
    await asyncio.gather(*(pupil.fix() for pupil in pupils))
    await asyncio.gather(*(pupil.until(lambda state: state["fixed"] == PUPILS) for pupil in pupils))
    for pupil in pupils:  # nobody saw another's guess, everybody their own
        assert all(state["guesses"] == [] for state in pupil.states)
        assert pupil.states[-1]["mine"]["guess"]["line"] == a_guess(lesson, pupil.number)["line"]
        assert {"=cmd()"} >= {state["mine"]["guess"]["because"] for state in pupil.states if state["mine"] and state["mine"]["guess"]}
    answers = await asyncio.gather(*(pupil.timed("GET", "/answers") for pupil in pupils))
    assert {answer.status_code for answer in answers} == {404}
    await asyncio.to_thread(do, stage="class")
    await asyncio.gather(*(pupil.until(lambda state: len(state["guesses"]) == PUPILS) for pupil in pupils))
    assert "=cmd()" not in json.dumps(pupils[0].states[-1]["guesses"])
    await asyncio.to_thread(do, stage="model")
    answers = await asyncio.gather(*(pupil.timed("GET", "/answers") for pupil in pupils))
    assert all(answer.json()["arms"].keys() == {"double", "usual"} for answer in answers)
    await asyncio.gather(*(pupil.leave() for pupil in pupils))
    return times
