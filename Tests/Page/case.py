"""One service, one browser, for all the tests; and what holds after every one of them."""

import atexit
import unittest

from browser import Page
from stack import Database, Service

_shared = {}


def _stack():
    if not _shared:
        service = Service()
        service.start()
        atexit.register(service.stop)
        page = Page(service.base)
        atexit.register(page.quit)
        _shared.update(service=service, page=page, database=Database())
    return _shared


class PageCase(unittest.TestCase):
    #: What a test may make the console say, as its refusals are meant.
    expected_in_console = ()

    def setUp(self):
        stack = _stack()
        self.service, self.page, self.database = stack["service"], stack["page"], stack["database"]
        self.page.console()
        self.page.asked()

    def tearDown(self):
        told = [line for line in self.page.console() if not any(text in line for text in self.expected_in_console)]
        self.assertEqual(told, [], "the console has errors")
        asked = self.page.asked()
        self.assertTrue(asked, "the browser's log has no requests: it would not show one that leaves either")
        away = [url for url in asked if not url.startswith((self.service.base + "/", "data:", "chrome:", "about:"))]
        self.assertEqual(away, [], "requests left the origin")
