"""The city hotline (S3)."""
