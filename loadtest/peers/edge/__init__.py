"""The HTTP edge that the Python peers share: Kindred's contract, with the search left to a backend of each."""
