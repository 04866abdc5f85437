"""What makes compiled code of the model: named tables, rules by decorator, numba's view of them, one pass over all, the version."""
