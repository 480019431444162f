"""The pictures of the page in docs/ and README.md: `PAGE_SHOTS=docs Tests/Page/run`.

usage: shots.py FOLDER
"""

import pathlib
import sys

from browser import Page
from stack import Service, eventually

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
service = Service()
service.start()
page = Page(service.base)
try:
    page.open("#movie=50")
    page.click(".hero .liked")
    for movie in (204, 176, 12):
        page.run("location.hash = `#movie=${arguments[0]}`", movie)
        eventually("the movie", lambda movie=movie: page.hash() == f"#movie={movie}" and page.movies("similar"))
        page.settle()
    for _ in range(3):
        page.click('[data-panel="similar"] .movie .liked[aria-pressed=false]')
    page.run("location.hash = '#movie=50'")
    eventually("the movie", lambda: page.text("#view h1:not([hidden])") == "Star Wars")
    page.settle()
    page.run("scrollTo(0, 0); document.activeElement.blur()")
    page.size(1366, 1320)
    page.driver.save_screenshot(str(folder / "page.png"))

    page.dark()
    page.size(360, 780, 1.5)
    page.open("#user=7", fresh=False)
    page.run("scrollTo(0, 0); document.activeElement.blur()")
    page.driver.save_screenshot(str(folder / "page-phone.png"))
finally:
    page.quit()
    service.stop()
