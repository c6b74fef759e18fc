"""The machines outside that intake speaks with: the call centre, the virus scanner."""
