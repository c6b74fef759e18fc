"""Where one looks: each place tells its pieces, and takes controls first."""
