"""One of Kindred's answers, for the bare servers to send."""

from comparison.failure import Failure
from comparison.peer import OPENER

#: Every server writes these itself, of its own body and connection.
OWN_HEADERS = {"content-length", "transfer-encoding", "connection"}


def record(url, path, ids, folder):
    """Writes `body` and `headers` of the answer of median length, as the cache gives it; returns the body's length."""
    answers = []
    for id in ids:
        # Asked twice: the second time it comes from the cache, as under the load.
        for _ in range(2):
            with OPENER.open(url + path.replace("{id}", str(id)), timeout=10) as answer:
                headers, body = answer.headers.items(), answer.read()
        answers.append((len(body), body, headers))
    answers.sort(key=lambda answer: answer[0])
    length, body, headers = answers[len(answers) // 2]
    kept = [f"{name}: {value}\n" for name, value in headers if name.lower() not in OWN_HEADERS]
    if not any(line.lower().startswith("etag: ") for line in kept):
        raise Failure(f"Kindred's answer to {path} has no ETag")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "body").write_bytes(body)
    (folder / "headers").write_text("".join(kept))
    return length
