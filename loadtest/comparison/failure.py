class Failure(Exception):
    """Why there is no comparison, in words for the person who started it."""
