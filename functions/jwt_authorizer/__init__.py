"""Lets requests into the API that carry a token of the auth service."""
