"""The fall of a leader, in the order in which it happens.

1. `events.py`: what the week noticed is acted on, one by one.
2. `loss.py`: a kingpin or a lieutenant is lost; cohesion suffers.
3. `rout.py`: where a stronger enemy stands, men change sides or go home.
4. `succession.py`: an heir is chosen.
5. `leaving.py`: everyone in command weighs loyalty; bands form, some change sides.
6. `splinter.py`: a band becomes a group of its own, and what it takes.
7. `groups.py`: births and ends of groups, by whatever way they come and go.

Everything is moved, nothing copied: whole people, dollars and guns, closed in the ledger. Rare, and compiled like the week.
"""
