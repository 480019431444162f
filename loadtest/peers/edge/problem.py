"""Errors as the client sees them (RFC 9457), in Kindred's words."""

import orjson
from fastapi import Response


class Problem(Exception):
    def __init__(self, kind, status, title, detail, field=None):
        super().__init__(detail)
        self.status = status
        self.body = {"detail": detail, "status": status, "title": title, "type": f"/problems/{kind}"}
        if field is not None:
            self.body["field"] = field

    @classmethod
    def invalid(cls, field, detail):
        return cls("invalid-parameter", 400, "Invalid parameter", detail, field)

    @classmethod
    def unknown(cls, field):
        return cls(
            "unknown-parameter", 400, "Unknown parameter", f"there is no parameter '{field}'; known are: k", field)

    @classmethod
    def not_found(cls, detail):
        return cls("not-found", 404, "Not found", detail)

    @classmethod
    def internal(cls):
        return cls("internal-error", 500, "Internal error", "the request failed; the log has the reason")

    def response(self):
        return Response(orjson.dumps(self.body), self.status, media_type="application/problem+json")


def whole_number(text, name, low, high):
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not (digits.isascii() and digits.isdigit() and low <= (value := int(text)) <= high):
        raise Problem.invalid(name, f"'{name}' must be a whole number from {low} to {high}, not '{text}'")
    return value


def result_count(request):
    """`k` of the query, 10 when it is not there; anything else in the query is refused."""
    given = request.query_params.multi_items()
    for position, (name, _) in enumerate(given):
        if name != "k":
            raise Problem.unknown(name)
        if position:
            raise Problem.invalid(name, f"'{name}' is given more than once")
    return whole_number(given[0][1], "k", 1, 100) if given else 10
