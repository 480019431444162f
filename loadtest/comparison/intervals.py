"""Medians of a few rounds with an interval that assumes nothing about their distribution."""

import math
import statistics

CONFIDENCE = 0.9


def summary(values):
    """
    The median, and the narrowest pair of order statistics around it that holds the true median with at least
    90 %; with fewer than 5 rounds there is none and the interval is None. With 5 it is the lowest and the highest.
    """
    ordered = sorted(values)
    answer = {"median": statistics.median(ordered), "values": values, "low": None, "high": None, "confidence": None}
    for depth in reversed(range(len(ordered) // 2)):
        confidence = 1 - 2 * sum(math.comb(len(ordered), k) for k in range(depth + 1)) / 2 ** len(ordered)
        if confidence >= CONFIDENCE:
            return answer | {"low": ordered[depth], "high": ordered[-1 - depth], "confidence": confidence}
    return answer
