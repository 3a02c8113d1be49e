"""Has videos encoded as they are uploaded, and tells how each job ended."""
