"""The one error that ends a preview."""


class PreviewError(Exception):
    """The input or the program is wrong. The message says what and where; there is nothing to trace."""
