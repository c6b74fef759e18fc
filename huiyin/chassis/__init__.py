"""How it is said: the machinery every service stands on. It knows no complaint."""
