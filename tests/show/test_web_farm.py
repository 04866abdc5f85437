"""Urgent work first, equal work once, nothing for nobody; processes that die are replaced."""

import asyncio
import os
import signal

import pytest

from sim.show.web import farm as module
from sim.show.web.choice import Question
from sim.show.web.farm import FIRST, REFINE, Farm
from sim.show.web.work import run


class Recorder(Farm):
    """A farm whose pool is this process: it notes the order of work."""

    def __init__(self):
        super().__init__(1)
        self.done = []

    async def _reliably(self, job):
        await asyncio.sleep(0.01)
        self.done.append(job.arguments)
        return job.arguments


def test_urgent_work_overtakes_equal_work_is_done_once_and_left_work_is_dropped():
    async def main():
        farm = Recorder()
        later = [asyncio.create_task(farm.ask(REFINE, place, run, Question(), place)) for place in (1, 2, 3)]
        twice = asyncio.create_task(farm.ask(REFINE, 2, run, Question(), 2))
        await asyncio.sleep(0)
        urgent = asyncio.create_task(farm.ask(FIRST, 9, run, Question(), 9))
        later[2].cancel()
        assert await urgent == (Question(), 9)
        await asyncio.gather(later[0], later[1], twice)
        await asyncio.sleep(0.05)
        assert [arguments[1] for arguments in farm.done] == [1, 9, 2]
        assert farm.known(run, Question(), 9) == (Question(), 9)

    asyncio.run(main())


@pytest.mark.slow
def test_a_killed_worker_is_replaced_and_its_work_redone():
    async def main():
        farm = Farm(1)
        await farm.start()
        (victim,) = farm._pool._processes
        asked = asyncio.create_task(farm.ask(FIRST, 1, run, Question(), 3))
        await asyncio.sleep(0.01)
        os.kill(victim, signal.SIGKILL)
        found = await asked
        assert (found.values == run(Question(), 3).values)[~(found.values != found.values)].all()
        farm.close()

    asyncio.run(main())
    assert module.TRIES > 1
