"""Everything that the contract check asks a server, over one kept-alive connection."""

import http.client
import json
from urllib.parse import urlsplit

from comparison.failure import Failure

#: What Kindred refuses.
REFUSED = [
    "/v1/movies/0/similar", "/v1/movies/2147483648/similar", "/v1/movies/abc/similar", "/v1/movies/1_0/similar",
    "/v1/movies/2147483647/similar", "/v1/users/2147483647/recommendations", "/v1/users/x/recommendations",
    "/v1/movies/50/similar?k=0", "/v1/movies/50/similar?k=101", "/v1/movies/50/similar?k=", "/v1/movies/50/similar?k=2.5",
    "/v1/movies/50/similar?k=1&k=2", "/v1/movies/50/similar?x=1", "/v1/nothing",
]


def fetch_answers(url, movies, users):
    """{path: (status, content type, decoded body)} for every movie and user, some other `k`, and what is refused."""
    paths = [f"/v1/movies/{movie}/similar?k=10" for movie in movies]
    paths += [f"/v1/movies/{movie}/similar?k={k}" for movie in movies[::40] for k in (1, 16, 100)]
    paths += [f"/v1/users/{user}/recommendations" for user in users]
    paths += REFUSED
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    answers = {}
    for path in paths:
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            answers[path] = response.status, response.headers["Content-Type"], json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Failure(f"GET {path}: no answer in JSON ({error})") from error
    connection.close()
    return answers
