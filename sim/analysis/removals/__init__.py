"""What removals do: counterfactual pairs, and event studies beside them."""
