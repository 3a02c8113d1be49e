"""Copies errors of services to log groups that keep them for longer."""
