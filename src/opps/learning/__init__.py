"""Learning a scoring model from closed opportunities, and how good its probabilities are."""
