"""The hindcast that is told of history's removals differs from the baseline in nothing else."""

from sim.scenario import load


def test_only_kingpins_are_told():
    told, free = load("history-removals"), load("baseline")
    assert len(told.events) == 34
    assert {event.kind for event in told.events} == {"removal"}
    assert [event.date for event in told.events] == sorted(event.date for event in told.events)
    differ = {plan.lever for plan in (*told.policy, *free.policy) if plan not in told.policy or plan not in free.policy}
    assert differ == {"kingpin_targeting"}
    (drawn,), (usual,) = ([plan for plan in each.policy if plan.lever == "kingpin_targeting"] for each in (told, free))
    assert (drawn.rank, drawn.points) == ("lieutenant", usual.points)
