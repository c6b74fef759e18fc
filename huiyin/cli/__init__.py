"""The command `huiyin`: tokens, rulebooks, the simulated clock, and messages that wait."""
