"""Feedback: contacts the complainant, tells the result, records the evaluation."""
