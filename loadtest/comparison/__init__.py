"""The comparison of Kindred with its peers: `loadtest/bench` runs it."""
