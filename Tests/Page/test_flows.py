"""What people do on the page, compared with what the service answers to the same questions."""

import re

from case import PageCase
from selenium.webdriver.common.keys import Keys
from stack import eventually

STAR_WARS, EMPIRE, ALIEN = 50, 172, 183


def ids(answer):
    return [result["movie_id"] for result in answer["results"]]


class Flows(PageCase):
    def test_start(self):
        self.page.open()
        self.assertEqual(self.page.driver.title, "Kindred")
        self.assertEqual(self.page.movies("popular"), ids(self.service.get("/v1/movies?sort=popular&limit=24")))
        self.assertGreater(len(self.page.all("#genres input")), 15, "the genres there are")

    def test_search_by_keyboard(self):
        self.page.open()
        self.page.press("/")
        self.page.press("star wa")
        eventually("suggestions", lambda: self.page.all("#suggestions [role=option]"))
        field = self.page.one("#search")
        self.assertEqual(field.get_attribute("aria-expanded"), "true")
        self.assertIn("Star Wars", self.page.text("#suggestions li"))
        self.assertIsNone(field.get_attribute("aria-activedescendant"))
        field.send_keys(Keys.ARROW_DOWN)
        chosen = self.page.one(f"#{field.get_attribute('aria-activedescendant')}")
        self.assertEqual(chosen.get_attribute("aria-selected"), "true")
        self.assertEqual(self.page.run("return document.activeElement.id"), "search", "the focus stays in the field")
        field.send_keys(Keys.ESCAPE)
        self.assertEqual(field.get_attribute("aria-expanded"), "false")
        field.send_keys("r")
        eventually("suggestions again", lambda: self.page.all("#suggestions [role=option]"))
        field.send_keys(Keys.ARROW_DOWN, Keys.ENTER)
        eventually("the movie", lambda: self.page.text("#view h1:not([hidden])") == "Star Wars")
        self.assertEqual(self.page.hash(), f"#movie={STAR_WARS}")
        self.assertEqual(self.page.run("return document.activeElement.tagName"), "H1", "the focus follows")

    def test_search_forgives(self):
        self.page.open()
        for typed, found in [
            ("STAR WARS", "Star Wars"), ("godfather the", "The Godfather"), ("star wras", "Star Wars"),
        ]:
            self.page.type("#search", typed)
            eventually(typed, lambda: self.page.text("#suggestions li b") == found)
        self.page.type("#search", "xqzwvk")
        eventually("that there is none is said", lambda: "No movie is called" in self.page.text("#search-said"))

    def test_search_by_pointer(self):
        self.page.open()
        self.page.type("#search", "alien")
        eventually("suggestions", lambda: self.page.all("#suggestions [role=option]"))
        self.page.click("#suggestions li")
        eventually("the movie", lambda: self.page.text("#view h1:not([hidden])") == "Alien")

    def test_movie(self):
        self.page.open(f"#movie={STAR_WARS}")
        self.assertEqual(self.page.text("#view h1:not([hidden])"), "Star Wars")
        self.assertEqual(self.page.driver.title, "Star Wars – Kindred")
        answer = self.service.get(f"/v1/movies/{STAR_WARS}/similar?k=12&engine=pgvector")
        self.assertEqual(self.page.movies("similar"), ids(answer))
        for card, result in zip(self.page.all('[data-panel="similar"] .movie'), answer["results"]):
            self.assertIn(str(result["year"]), card.text)
            self.assertIn(result["genres"][0], card.text)
            self.assertIn(f"{result['distance']:.3f}", card.text)
        pills = self.page.pills("similar")
        self.assertIn(f"generation {answer['generation']}", pills)
        self.assertTrue({"pgvector", "cache"} & set(pills), pills)
        self.assertTrue(any(re.fullmatch(r"[\d.]+ ms", pill) for pill in pills), pills)
        self.page.click('[data-panel="similar"] .more')
        eventually("24 neighbours", lambda: len(self.page.movies("similar")) == 24)

    def test_back_button(self):
        self.page.open(f"#movie={STAR_WARS}")
        neighbour = self.page.text('[data-panel="similar"] .movie-title')
        self.page.click('[data-panel="similar"] .movie-title')
        eventually("the neighbour", lambda: self.page.text("#view h1:not([hidden])") == neighbour)
        self.page.driver.back()
        eventually("the first movie", lambda: self.page.text("#view h1:not([hidden])") == "Star Wars")
        self.page.driver.forward()
        eventually("the neighbour", lambda: self.page.text("#view h1:not([hidden])") == neighbour)

    def test_taste(self):
        self.page.open(f"#movie={STAR_WARS}")
        self.page.click(".hero .liked")
        question = {"liked": [STAR_WARS], "disliked": [], "k": 8, "engine": "pgvector", "explain": True}
        answer = self.service.post("/v1/recommendations", question)
        eventually("what the service recommends", lambda: self.page.movies("tasting") == ids(answer))
        self.assertEqual(self.page.one(".hero .liked").get_attribute("aria-pressed"), "true")
        self.assertEqual(self.page.text('[data-panel="tasting"] .because'), "Because you liked Star Wars")
        self.assertNotIn(STAR_WARS, self.page.movies("tasting"))

        # Another movie, disliked on its card: the list follows, the pressed button shows, both are listed.
        self.page.click('[data-panel="similar"] .movie .disliked')
        disliked = self.page.movies("similar")[0]
        after = self.service.post("/v1/recommendations", question | {"disliked": [disliked]})
        self.assertNotEqual(ids(after), ids(answer))
        eventually("the list follows", lambda: self.page.movies("tasting") == ids(after))
        self.assertEqual(len(self.page.all(".pick")), 2)

        # It is still there after a reload, and gone when it is taken back.
        self.page.open(f"#movie={STAR_WARS}", fresh=False)
        self.assertEqual(self.page.one(".hero .liked").get_attribute("aria-pressed"), "true")
        self.page.click(".hero .liked")
        eventually("one left", lambda: len(self.page.all(".pick")) == 1)
        self.page.click(".pick button")
        eventually("none left", lambda: "appear here" in self.page.text('[data-panel="tasting"]'))

    def test_user(self):
        self.page.open()
        self.page.type("#user", "7")
        self.page.press(Keys.ENTER)
        eventually("the user", lambda: self.page.text("#view h1:not([hidden])") == "User 7")
        self.page.settle()
        answer = self.service.get("/v1/users/7/recommendations?k=12&engine=pgvector&explain=true")
        self.assertEqual(self.page.movies("recommendations"), ids(answer))
        self.assertTrue(self.page.text('[data-panel="recommendations"] .because').startswith("Because of "))
        history = self.service.get("/v1/users/7?limit=20")["history"]
        self.assertEqual(self.page.movies("profile"), [entry["movie_id"] for entry in history])
        self.assertEqual(
            self.page.one('[data-panel="profile"] .stars').get_attribute("aria-label"),
            f"{history[0]['rating']:g} of 5 stars")
        self.assertEqual(self.page.hash(), "#user=7")
        self.page.click("#any-user")
        eventually("another user", lambda: re.fullmatch(r"User \d+", self.page.text("#view h1:not([hidden])")) and self.page.hash() != "#user=7")
        self.page.settle()

    def test_filters(self):
        self.page.open(f"#movie={STAR_WARS}")
        self.page.open_filters()
        before = self.page.movies("similar")
        self.page.run("""
            const box = document.querySelector('#genres input[value="Drama"]');
            box.click();""")
        eventually("only dramas", lambda: self.page.movies("similar") != before and all(
            "Drama" in text for text in self.genres("similar")))
        self.page.type("#year-from", "1990")
        self.page.type("#year-to", "1995")
        question = f"/v1/movies/{STAR_WARS}/similar?k=12&engine=pgvector&genre=Drama&year_from=1990&year_to=1995"
        filtered = ids(self.service.get(question))
        eventually("dramas of those years", lambda: self.page.movies("similar") == filtered)
        self.assertEqual(self.page.hash(), f"#movie={STAR_WARS}&genre=Drama&year_from=1990&year_to=1995")
        self.assertIn("Drama · 1990–1995", self.page.text("#filters-said"))

        # The address brings all of it back, and a link takes it along.
        self.page.open(f"#movie={STAR_WARS}&genre=Drama&year_from=1990&year_to=1995")
        self.assertEqual(self.page.movies("similar"), filtered)
        self.assertTrue(self.page.one('#genres input[value="Drama"]').is_selected())
        self.page.click('[data-panel="similar"] .movie-title')
        eventually("the next movie", lambda: self.page.hash() == f"#movie={filtered[0]}&genre=Drama&year_from=1990&year_to=1995")
        self.page.settle()
        self.page.click("#filter-form [type=reset]")
        eventually("no filter", lambda: self.page.hash() == f"#movie={filtered[0]}")
        self.page.settle()

    def genres(self, panel):
        """What each of a panel's movies has, as the service says."""
        found = self.page.movies(panel)
        movies = self.service.get(f"/v1/movies?ids={','.join(map(str, found))}&limit=100")["results"] if found else []
        return [movie["genres"] for movie in movies]

    def test_diversity(self):
        self.page.open(f"#movie={STAR_WARS}")
        self.page.open_filters()
        before = self.page.movies("similar")
        self.page.one("#diversity").send_keys(Keys.ARROW_RIGHT * 8)
        answer = ids(self.service.get(f"/v1/movies/{STAR_WARS}/similar?k=12&engine=pgvector&diversity=0.8"))
        eventually("a varied list", lambda: self.page.movies("similar") == answer)
        self.assertNotEqual(answer, before)
        self.assertEqual(self.page.text("#diversity-said"), "0.8")

    def test_engine(self):
        self.page.open(f"#movie={ALIEN}")
        self.page.run("document.querySelector('#filter-form [value=memory]').click()")
        eventually("memory answers", lambda: "memory" in self.page.pills("similar") or "engine=memory" in self.page.hash() and "cache" in self.page.pills("similar"))
        self.page.settle()
        self.assertEqual(self.page.hash(), f"#movie={ALIEN}&engine=memory")

    def test_explanation(self):
        self.page.open(f"#movie={STAR_WARS}")
        self.page.click('[data-panel="similar"] .how summary')
        eventually("the SQL", lambda: self.page.all('[data-panel="similar"] .code pre'))
        explained = self.service.get(f"/v1/movies/{STAR_WARS}/similar?k=12&engine=pgvector&explain=true")["explain"]
        self.assertEqual(self.page.one('[data-panel="similar"] .code:last-child pre').get_attribute("textContent"), explained["sql"])
        self.assertIn("pgvector", self.page.text('[data-panel="similar"] .how table'))
        # What the page shows, psql gives: the movies in the page's order.
        rows = self.database.value(explained["sql"]).splitlines()
        self.assertEqual([int(row.split("|")[0]) for row in rows], self.page.movies("similar"))

    def test_times(self):
        self.page.open(f"#movie={EMPIRE}")
        before = len(self.page.all(".chart .mark"))
        self.assertGreater(before, 0)
        self.page.click('[data-panel="similar"] .movie-title')
        eventually("more marks", lambda: len(self.page.all(".chart .mark")) > before)
        self.page.settle()
        self.assertRegex(self.page.one(".chart").get_attribute("aria-label"), r"half within [\d.]+ ms, 95 % within")
        self.page.click("#chart summary")
        self.assertIn("/similar", self.page.text("#chart table"))

    def test_session(self):
        self.page.open(f"#movie={STAR_WARS}")
        self.assertFalse(self.page.one("#session").is_selected(), "nobody is counted who did not ask for it")
        self.page.click("#session")
        session = self.page.run("return sessionStorage.getItem('kindred.session')")
        self.assertRegex(session, r"^[0-9a-f]{32}$")
        movie = self.page.movies("similar")[0]
        self.page.click('[data-panel="similar"] .movie-title')
        eventually("the event is in the database", lambda: self.database.value(
            f"SELECT string_agg(kind || ' ' || item_id, ',') FROM kindred.events WHERE session = '{session}'") == f"viewed {movie}")
        self.assertIn("has told of 1 movie.", self.page.text("#session-said"))
        self.page.click("#session")
        self.assertIsNone(self.page.run("return sessionStorage.getItem('kindred.session')"))


class Problems(PageCase):
    expected_in_console = ("404 (Not Found)",)

    def test_unknown_movie(self):
        self.page.open("#movie=99999")
        self.assertIn("there is no movie 99999", self.page.text('[data-panel="movie"] .problem'))
        self.assertEqual(self.page.text("#view h1:not([hidden])"), "Movie 99999")

    def test_unknown_user(self):
        self.page.open("#user=99999")
        self.assertIn("there is no user 99999", self.page.text('[data-panel="profile"] .problem'))

    def test_nothing_left(self):
        self.page.open("#movie=50&year_from=1900&year_to=1901")
        self.assertIn("No movie is left", self.page.text('[data-panel="similar"]'))


class Code(PageCase):
    """Parts of the page by themselves, where the browser can tell."""

    def test_titles(self):
        self.page.open()
        titles = {
            "Godfather, The (1972)": "The Godfather", "Seven (Se7en) (1995)": "Seven (Se7en)", "L.A. Confidential (1997)": "L.A. Confidential",
            "Postino, Il (1994)": "Il Postino", "Enfer, L' (1994)": "L'Enfer", "unknown": "unknown",
            "Old Lady Who Walked in the Sea, The (Vieille qui marchait dans la mer, La) (1991)": "The Old Lady Who Walked in the Sea (Vieille qui marchait dans la mer, La)",
        }
        shown = self.page.module("/page/titles.js", "return values[0].map(module.displayTitle);", list(titles))
        self.assertEqual(dict(zip(titles, shown)), titles)

    def test_posters(self):
        self.page.open()
        movies = self.service.get("/v1/movies?limit=100")["results"]
        first, again = (self.page.module(
            "/page/poster.js", "return values[0].map((movie) => module.draw(movie).outerHTML);", movies) for _ in range(2))
        self.assertEqual(first, again, "the same each time")
        self.assertEqual(len(set(first)), len(movies), "and each its own")
        self.assertFalse([text for text in first if "NaN" in text or "undefined" in text])
        kinds = self.page.module(
            "/page/poster.js", "return values.map((movie) => module.posterOf(movie).firstChild.tagName.toLowerCase());",
            movies[0] | {"poster": "/icon.svg"}, movies[0] | {"poster": "https://elsewhere.example/a.jpg"}, movies[0])
        self.assertEqual(kinds, ["img", "svg", "svg"], "a picture of this origin, and of no other")

    def test_poster_colours(self):
        self.page.open()
        palettes = self.page.module("/page/palettes.js", "return module.palettes;")
        for name, (ground, *_, paper) in palettes.items():
            self.assertGreater(contrast(ground, paper), 7, name)

    def test_types_tell_what_the_client_has(self):
        self.page.open()
        members = set(self.page.module("/client.js", """
            return [...Object.getOwnPropertyNames(module.Kindred.prototype), ...Object.keys(module)];"""))
        types = self.service.text("/client.d.ts")
        body = re.search(r"export class Kindred \{(.*?)\n\}", types, re.S)[1]
        declared = set(re.findall(r"^  (\w+)\(", body, re.M)) | set(re.findall(r"^export (?:class|function) (\w+)", types, re.M))
        self.assertEqual(members, declared)

    def test_route(self):
        self.page.open()
        address = "#user=7&genre=Film-Noir%2CSci-Fi&year_to=1990&diversity=0.5&engine=auto"
        again = self.page.module("/page/route.js", "return module.addressOf(module.place(values[0]));", address)
        self.assertEqual(again, address)
        odd = self.page.module("/page/route.js", "return module.place('#movie=x&user=-1&diversity=7&engine=magic&year_from=1e3');")
        self.assertEqual(odd, {
            "movie": None, "user": None,
            "filters": {"genre": [], "yearFrom": None, "yearTo": None, "diversity": 0, "engine": "pgvector"}})


def contrast(one, other):
    def luminance(colour):
        shares = [int(colour[at:at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
        return sum(value * weight for value, weight in zip(linear, (0.2126, 0.7152, 0.0722)))
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
