"""How Huiyin is started: on one machine, and in a cluster."""
