"""`/docs`: what `/openapi.json` says, for people."""

import itertools
import json
import pathlib

from browser import DESKTOP, PHONE
from case import PageCase
from stack import eventually, opener

AUDIT = (pathlib.Path(__file__).parent / "audit.js").read_text()


class Docs(PageCase):
    def tearDown(self):
        self.page.dark(False)
        self.page.size(*DESKTOP)
        super().tearDown()

    def show(self, place=""):
        # Another hash alone would load nothing.
        self.page.driver.get("about:blank")
        self.page.driver.get(f"{self.service.base}/docs{place}")
        eventually("the routes", lambda: self.page.all("#routes article"))

    def test_shows_every_route(self):
        with opener.open(f"{self.service.base}/openapi.json") as reply:
            document = json.load(reply)
        self.show()
        described = {
            f"{method.upper()} {path}": operation
            for path, methods in document["paths"].items() for method, operation in methods.items()}
        self.assertEqual(
            {title.text.replace("\n", " ") for title in self.page.all("#routes h3")}, set(described))
        for operation in described.values():
            shown = self.page.text(f"#{operation['operationId']}")
            self.assertIn(operation["summary"], shown)
            for parameter in operation["parameters"]:
                self.assertIn(parameter.get("name", parameter.get("$ref", "").split("/")[-1]), shown)

    def test_leads_to_a_route(self):
        self.show("#batch")
        eventually("the route is in view", lambda: self.page.run(
            "const top = document.getElementById('batch').getBoundingClientRect().top; return top >= 0 && top < innerHeight"))

    def test_audit(self):
        for dark, size in itertools.product((False, True), (DESKTOP, PHONE)):
            with self.subTest(dark=dark, width=size[0]):
                self.page.dark(dark)
                self.page.size(*size)
                self.show()
                self.assertEqual(self.page.run(AUDIT), [])
                self.assertTrue(self.page.run("return document.documentElement.scrollWidth <= innerWidth"), "it is too wide")
