"""For everybody: names, contrast, focus, small screens, dark rooms, no mouse."""

import itertools
import pathlib

from browser import DESKTOP, PHONE
from case import PageCase
from selenium.webdriver.common.keys import Keys
from stack import eventually

AUDIT = (pathlib.Path(__file__).parent / "audit.js").read_text()
CONTROLS = "a[href], button, input, summary, [role=combobox], [role=listbox], [role=option], main, aside, nav, form"


class Access(PageCase):
    def tearDown(self):
        self.page.dark(False)
        self.page.size(*DESKTOP)
        super().tearDown()

    def test_audit(self):
        """Every view, in both lights and on both screens, with a taste."""
        for dark, size, place in itertools.product((False, True), (DESKTOP, PHONE), ("", "#movie=50", "#user=1")):
            with self.subTest(place=place, dark=dark, width=size[0]):
                self.page.dark(dark)
                self.page.size(*size)
                self.page.open(place)
                self.page.open_filters()
                for verdict in self.page.all("#view .verdict")[:4:3]:
                    self.page.run("arguments[0].click()", verdict)
                eventually("recommendations", lambda: len(self.page.movies("tasting")) > 0)
                self.page.settle()
                for summary in self.page.all("main .how summary, #chart summary"):
                    self.page.run("arguments[0].click()", summary)
                eventually("nothing is being asked for", lambda: not self.page.run(
                    "return [...document.querySelectorAll('.how[open] > div')].some((body) => !body.hasChildNodes())"))
                self.assertEqual(self.page.run(AUDIT), [])

    def test_audit_of_suggestions(self):
        for dark in (False, True):
            self.page.dark(dark)
            self.page.open()
            self.page.type("#search", "the")
            eventually("suggestions", lambda: self.page.all("#suggestions [role=option]"))
            self.page.press(Keys.ARROW_DOWN)
            self.assertEqual(self.page.run(AUDIT), [])

    def test_names(self):
        for place in ("", "#movie=50", "#user=1"):
            self.page.open(place)
            self.page.open_filters()
            named = 0
            for element in self.page.all(CONTROLS):
                hidden = self.page.run(
                    "return !arguments[0].checkVisibility() || arguments[0].closest('[aria-hidden=true]') !== null", element)
                if hidden or element.tag_name == "main":
                    continue
                self.assertTrue(element.accessible_name.strip(), element.get_attribute("outerHTML")[:200])
                named += 1
            self.assertGreater(named, 40)

    def test_names_are_told_apart(self):
        self.page.open("#movie=50")
        names = [button.accessible_name for button in self.page.all("#view .movie .verdict")]
        self.assertEqual(len(set(names)), len(names))
        self.assertTrue(all(name.startswith(("Like ", "Dislike ")) for name in names))

    def test_focus(self):
        """Tab reaches every control in the order of the page, and each shows that it has the focus."""
        self.page.open("#movie=50")
        self.page.open_filters()
        self.page.run("document.activeElement.blur()")
        reached = []
        for _ in range(150):
            self.page.press(Keys.TAB)
            state = self.page.run("""
                const element = document.activeElement;
                if (element === document.body) return null;
                const shows = (one) => one && getComputedStyle(one).outlineStyle !== "none" && parseFloat(getComputedStyle(one).outlineWidth) >= 2;
                const box = element.getBoundingClientRect();
                return {
                  what: element.outerHTML.slice(0, 120), shows: Boolean(shows(element) || shows(element.nextElementSibling)),
                  inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
                  order: [...document.querySelectorAll("*")].indexOf(element),
                };""")
            if state is None or (reached and state["order"] < reached[-1]["order"]):
                break
            self.assertTrue(state["shows"], f"the focus does not show: {state['what']}")
            self.assertTrue(state["inside"], f"the focus is out of sight: {state['what']}")
            reached.append(state)
        self.assertGreater(len(reached), 50)
        self.assertIn("Skip to the movies", reached[0]["what"])

    def test_skip_link(self):
        self.page.open("#movie=50")
        self.page.run("document.activeElement.blur()")
        self.page.press(Keys.TAB)
        self.page.press(Keys.ENTER)
        self.assertEqual(self.page.run("return document.activeElement.id"), "main")
        self.assertEqual(self.page.hash(), "#movie=50", "the place stays")

    def test_announcements(self):
        self.page.open("#movie=50")
        self.assertRegex(self.page.one("#announcer").get_attribute("textContent"), r"^12 neighbours, from \w+, in [\d.]+ ms$")

    def test_by_keyboard_alone(self):
        self.page.open("#movie=50")
        self.page.run("document.querySelector('.hero .liked').focus()")
        self.page.press(Keys.SPACE)
        eventually("recommendations", lambda: len(self.page.movies("tasting")) == 8)
        self.assertEqual(
            self.page.run("return document.activeElement.getAttribute('aria-label')"), "Like Star Wars (1977)",
            "the focus stays where it was")

    def test_phone(self):
        """The taste is one tap away, though it stands below everything else."""
        self.page.size(*PHONE)
        self.page.open("#movie=50")
        self.page.click(".hero .liked")
        eventually("the way to the taste", lambda: self.page.one("#to-taste").is_displayed())
        self.page.one("#to-taste").click()
        eventually("it is in sight", lambda: self.page.run(
            "const box = document.getElementById('taste').getBoundingClientRect(); return box.top >= 0 && box.top < innerHeight"))
        self.assertEqual(self.page.run("return document.activeElement.id"), "taste")
