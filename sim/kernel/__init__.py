"""The compiled model as files: shared objects that Python loads (`sim/model/compile/compiled.py` chooses), and one for browsers.

`python -m sim.kernel` makes them anew if the source means something else than when they were made, which is the only time it is needed.
Files are named by the digest of that meaning; `kernels.json` lists them.
"""
