"""Hands each message of a queue to the service that owns it, and says which of a batch have to come again."""
