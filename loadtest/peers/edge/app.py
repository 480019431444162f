"""A FastAPI application that answers by Kindred's contract from whatever finds the candidates."""

import logging
import os
from contextlib import asynccontextmanager

import orjson
from fastapi import FastAPI, Request, Response

from edge.catalogue import read_catalogue
from edge.problem import Problem, result_count, whole_number

#: The sizes of candidate lists that Kindred asks for; above the largest memory answers.
LIMITS = (16, 32, 64, 128, 256, 512, 1024)
JSON = "application/json; charset=utf-8"


def build(make_backend):
    """
    `make_backend(catalogue)` is awaited once in every process and returns an object with

    - `similar(movie, limit)`, `recommended(user, limit)`: awaited, at least `limit` candidates as
      (id, L2 distance), where `similar` may contain the movie itself and `recommended` nothing that was seen;
    - `name`: the `source` of its answers;
    - `close()`: awaited at the end.
    """

    @asynccontextmanager
    async def lifespan(app):
        app.state.catalogue = await read_catalogue(os.environ["DATABASE_URL"])
        app.state.backend = await make_backend(app.state.catalogue)
        yield
        await app.state.backend.close()

    app = FastAPI(lifespan=lifespan, openapi_url=None)

    @app.get("/v1/movies/{movie_id}/similar")
    async def similar(movie_id: str, request: Request):
        movie = whole_number(movie_id, "movie_id", 1, 2**31 - 1)
        count = result_count(request)
        catalogue = app.state.catalogue
        row = catalogue.rows.get(movie)
        if row is None:
            raise Problem.not_found(f"there is no movie {movie}")
        if not catalogue.similarity.present[row]:
            return popular(catalogue, count, [movie])
        # The movie is its own nearest neighbour, so one more candidate than wanted.
        candidates = await app.state.backend.similar(movie, limit(count + 1))
        found = sorted((distance, item) for item, distance in candidates if item != movie)[:count]
        source = app.state.backend.name
        if len(found) < min(count, catalogue.reachable(catalogue.similarity, [movie])):
            found = exact(catalogue.similarity, catalogue.similarity.matrix[row], count, [movie])
            source = "memory"
        return envelope(catalogue, source, count, [
            {"distance": distance, **catalogue.movies[item], "rank": rank, "score": 1 - distance * distance / 2,
             "source": "vector"}
            for rank, (distance, item) in enumerate(found, 1)])

    @app.get("/v1/users/{user_id}/recommendations")
    async def recommendations(user_id: str, request: Request):
        user = whole_number(user_id, "user_id", 1, 2**31 - 1)
        count = result_count(request)
        catalogue = app.state.catalogue
        if user not in catalogue.users:
            raise Problem.not_found(f"there is no user {user}")
        seen = catalogue.seen[user]
        query = catalogue.users[user]
        if query is None:
            return popular(catalogue, count, seen)
        candidates = await app.state.backend.recommended(user, limit(count))
        found = sorted((distance, item) for item, distance in candidates)[:count]
        source = app.state.backend.name
        if len(found) < min(count, catalogue.reachable(catalogue.embedding, seen)):
            found = exact(catalogue.embedding, query, count, seen)
            source = "memory"
        # ‖u − v‖² = 2M² − 2 u·v, as both have norm M.
        return envelope(catalogue, source, count, [
            {"distance": distance, **catalogue.movies[item], "rank": rank,
             "score": catalogue.squared_norm - distance * distance / 2, "source": "vector"}
            for rank, (distance, item) in enumerate(found, 1)])

    @app.get("/readyz")
    async def ready():
        return Response(b"ready", media_type="text/plain")

    @app.exception_handler(Problem)
    async def problem(request, error):
        return error.response()

    @app.exception_handler(404)
    async def nothing_there(request, error):
        return Problem.not_found(f"there is nothing at {request.url.path}").response()

    @app.exception_handler(Exception)
    async def failure(request, error):
        logging.getLogger("uvicorn.error").exception("request failed", exc_info=error)
        return Problem.internal().response()

    return app


def limit(wanted):
    return next(size for size in LIMITS if size >= wanted)


def exact(space, query, count, excluded):
    return [(distance, item) for item, distance in space.scan(query, count, excluded)]


def popular(catalogue, count, excluded):
    """The fallback for a query without a vector."""
    left = set(excluded)
    chosen = [item for item in catalogue.popular if item not in left][:count]
    return envelope(catalogue, "memory", count, [
        {**catalogue.movies[item], "rank": rank, "source": "popular"} for rank, item in enumerate(chosen, 1)])


def envelope(catalogue, source, count, results):
    body = {
        "degraded": False, "generation": catalogue.generation, "requested": count, "results": results,
        "returned": len(results), "source": source,
    }
    return Response(orjson.dumps(body), media_type=JSON)
