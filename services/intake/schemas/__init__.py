"""The shapes of intake's HTTP: what may be sent and asked, by subject."""
