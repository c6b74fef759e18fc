"""`make bench`: what the platform does on this machine, beside what bare clients could do."""
