"""Measures the redactor on identities planted into texts; its words are not the redactor's."""
