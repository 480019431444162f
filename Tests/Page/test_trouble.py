"""The database is killed, and the service is gone, while somebody looks at the page."""

from case import PageCase
from stack import eventually


class Trouble(PageCase):
    # A browser says by itself that nobody listened.
    expected_in_console = ("net::ERR_CONNECTION_REFUSED", "net::ERR_CONNECTION_RESET", "net::ERR_EMPTY_RESPONSE", "net::ERR_CONNECTION_CLOSED")

    def test_the_database_is_killed(self):
        self.page.open("#movie=50")
        self.assertEqual(self.page.text("#banner"), "")
        self.database.kill()
        try:
            # Not in the cache: memory must answer, and the page says so.
            for movie in (7, 8, 9):
                self.page.run("location.hash = `#movie=${arguments[0]}`", movie)
                title = self.service.get(f"/v1/movies/{movie}")["title"].removesuffix(" (1995)")
                eventually("the next movie", lambda title=title: self.page.text("#view h1:not([hidden])") == title)
                self.page.settle()
                exact = self.service.get(f"/v1/movies/{movie}/similar?k=12&engine=memory")
                self.assertEqual(self.page.movies("similar"), [result["movie_id"] for result in exact["results"]])
                self.assertIn("degraded", self.page.pills("similar"))
            eventually("the banner says what the service says", lambda: self.page.text("#banner").split("\n") == [
                "Degraded. Answers go on.", *self.service.get("/readyz")["degraded"]])
            self.page.click(".hero .liked")
            eventually("recommendations go on", lambda: len(self.page.movies("tasting")) == 8)
            self.assertEqual(self.page.all(".problem"), [])
        finally:
            self.database.start()
        eventually("the banner goes", lambda: self.page.text("#banner") == "", 60)
        self.page.run("location.hash = '#movie=11'")
        eventually("the database answers again", lambda: "pgvector" in self.page.pills("similar"))

    def test_the_service_is_gone(self):
        self.page.open("#movie=50")
        self.service.stop()
        try:
            self.page.run("location.hash = '#movie=12'")
            eventually("the banner", lambda: "does not answer" in self.page.text("#banner"))
            eventually("the panel", lambda: "does not answer" in self.page.text('[data-panel="similar"] .problem'))
        finally:
            self.service.start()
        eventually("the page comes back by itself", lambda: len(self.page.movies("similar")) == 12, 30)
        eventually("the banner goes", lambda: self.page.text("#banner") == "")
