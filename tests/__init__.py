"""The proof: unit, chassis, contracts, integration, scenarios, architecture."""
