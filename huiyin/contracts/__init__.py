"""What is said on the bus: events, envelope, who hears what. Importing it does nothing."""
