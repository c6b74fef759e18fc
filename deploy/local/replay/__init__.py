"""Real history, replayed on the simulated office clock against the whole platform."""
