"""The page as somebody uses it: Chromium, without a window."""

import json
import shutil

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service as Driver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from stack import eventually

DESKTOP = (1366, 900)
PHONE = (360, 740)


class Page:
    def __init__(self, base):
        self.base = base
        options = webdriver.ChromeOptions()
        # Root has no sandbox to run it in, a container hardly any shared memory.
        for argument in ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars", "--lang=en-GB"]:
            options.add_argument(argument)
        options.binary_location = shutil.which("chromium")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Driver(shutil.which("chromedriver")))
        self.driver.set_script_timeout(20)
        self.size(*DESKTOP)

    def quit(self):
        self.driver.quit()

    # --- how it is looked at

    def size(self, width, height, scale=1):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": scale, "mobile": False})

    def dark(self, wanted=True):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": "dark" if wanted else "light"}]})

    def open(self, place="", fresh=True):
        """At an address; `fresh` without what an earlier visit left in the tab."""
        if fresh and self.driver.current_url.startswith(self.base):
            self.run("sessionStorage.clear()")
        # Another hash alone would load nothing.
        self.driver.get("about:blank")
        self.driver.get(f"{self.base}/{place}")
        self.settle()

    def settle(self):
        """Waits until nothing is being asked for."""
        def is_settled():
            return self.run("""
                return document.readyState === "complete" && !document.querySelector("[aria-busy=true]")
                  && document.querySelector("#view h1:not([hidden]), #view .problem") !== null
                  && document.querySelector("#genres > *") !== null;""")
        eventually("the page has its answers", is_settled)

    # --- what is on it

    def run(self, script, *values):
        return self.driver.execute_script(script, *values)

    def module(self, path, body, *values):
        """The result of `body`, in which `module` is one of the page's."""
        found = self.driver.execute_async_script(f"""
            const done = arguments[arguments.length - 1];
            import("{path}").then(async (module) => ({{ value: await (async (values) => {{ {body} }})([...arguments].slice(0, -1)) }}))
              .catch((error) => ({{ error: String(error) }})).then(done);""", *values)
        if "error" in found:
            raise AssertionError(found["error"])
        return found.get("value")

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def text(self, selector):
        """Of the first such element; empty where there is none, or none any more."""
        try:
            found = self.all(selector)
            return found[0].text if found else ""
        except StaleElementReferenceException:
            return ""

    def movies(self, panel):
        """The ids of a panel's movies, in their order."""
        return self.run(f"""
            return [...document.querySelectorAll('[data-panel="{panel}"] .movie-title')]
              .map((link) => Number(new URLSearchParams(link.hash.slice(1)).get("movie")));""")

    def pills(self, panel):
        return self.run(f"""
            return [...document.querySelectorAll('[data-panel="{panel}"] .pill')].map((pill) => pill.textContent);""")

    def hash(self):
        return self.run("return location.hash")

    # --- what is done on it

    def open_filters(self):
        self.run("document.getElementById('filters').open = true")

    def click(self, selector):
        element = self.one(selector)
        self.run("arguments[0].scrollIntoView({ block: 'center' })", element)
        element.click()

    def press(self, *keys):
        self.driver.switch_to.active_element.send_keys(*keys)

    def type(self, selector, text):
        field = self.one(selector)
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(text)

    # --- what it told the console, and whom it asked

    def console(self):
        """What went wrong, in the console's words, since the last call."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]

    def asked(self):
        """The addresses of all requests since the last call."""
        found = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                found.append(message["params"]["request"]["url"])
        return found
