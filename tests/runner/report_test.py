"""The report of a grid, opened in a real browser. DRAWLAB_SCREENSHOTS names a folder that keeps what it looked like."""

import base64
import json
import os
import re
import shutil
import sqlite3
import tempfile

from browser import AUDIT, CHROMIUM, Browser
from program import TINY, ProgramTest, main

HOSTILE = ["<script>window.pwned=1</script>", "\"'></bdi><img src=x onerror='window.pwned=1'>", "{{title}} {{{style}}} & &amp;",
           "emoji 😀👩‍🔬 and right to left \u202eשלום\u202c مرحبا", "</script><!-- </title> ]]>", "long " + "x" * 10_000]


class Report(ProgramTest):
    """All tests open one grid, trained once."""

    @classmethod
    def setUpClass(cls):
        cls.trained = tempfile.mkdtemp(prefix="drawlab-trained-")
        cls.addClassCleanup(shutil.rmtree, cls.trained, ignore_errors=True)
        with cls.beforehand() as test:
            test.write("tiny.yaml", TINY.replace("samples: 4", "samples: 9"))
            test.drawlab("run", "tiny.yaml", "--set", "repeats=2")
            test.drawlab("evaluate", "1", "--importance-samples", "3", "--passes", "2")
            shutil.copytree(test.path("results"), os.path.join(cls.trained, "results"))

    def grid(self):
        shutil.copytree(os.path.join(self.trained, "results"), self.path("results"))

    def change(self, sql, *values):
        connection = sqlite3.connect(self.path("results/drawlab.sqlite"))
        connection.execute("PRAGMA foreign_keys = ON")
        with connection:
            connection.execute(sql, values)
        connection.close()

    def report(self, *arguments):
        self.drawlab("report", *arguments, "-o", "report.html")
        return self.path("report.html")

    def browser(self):
        if CHROMIUM is None:
            self.skipTest("Chromium is not installed; `./bootstrap test` installs it")
        browser = Browser()
        self.addCleanup(browser.close)
        return browser

    def assert_sound(self, browser):
        self.assertEqual(browser.troubles, [])
        self.assertEqual(browser.requests, [])

    def test_is_the_same_file_each_time(self):
        self.grid()
        with open(self.report("tiny"), "rb") as first:
            content = first.read()
        with open(self.report(), "rb") as second:
            self.assertEqual(second.read(), content)
        unknown = self.drawlab("report", "tinny", code=2)
        self.assertIn("did you mean 'tiny'?", unknown.err)

    def test_names_nothing_outside_itself(self):
        self.grid()
        with open(self.report(), encoding="utf-8") as file:
            page = file.read()
        self.assertIn("default-src 'none'", page)
        self.assertEqual(re.findall(r"""(?:src|href|action)=["'](?!#|data:)""", page), [])
        self.assertEqual(re.findall(r"@import|url\((?!data:)", page), [])

    def test_opens_without_errors_or_requests_and_every_image_decodes(self):
        self.grid()
        path = self.report()
        browser = self.browser()
        for width in (1280, 390):
            for scheme in ("light", "dark"):
                with self.subTest(width=width, scheme=scheme):
                    browser.call("Emulation.setEmulatedMedia",
                                 features=[{"name": "prefers-color-scheme", "value": scheme}])
                    browser.open(path, width)
                    sizes = browser.value("Promise.all([...document.images].map(async (image) => {"
                                          "await image.decode(); return image.naturalWidth; }))")
                    self.assertEqual(len(sizes), 4 * 5)
                    self.assertTrue(all(size > 50 for size in sizes))
                    self.assertEqual(browser.value(AUDIT), [])
                    self.assertLessEqual(browser.value("document.documentElement.scrollWidth"), width)
                    self.assertEqual(browser.value("document.querySelectorAll('.explore canvas').length"), 4)
                    folder = os.environ.get("DRAWLAB_SCREENSHOTS")
                    if folder:
                        browser.screenshot(os.path.join(folder, f"report_{width}_{scheme}.png"))
        self.assert_sound(browser)

    def test_draws_the_lines_of_plots_that_can_be_explored(self):
        self.grid()
        browser = self.browser()
        browser.open(self.report())
        colored = browser.value("""[...document.querySelectorAll('.explore canvas')].map((canvas) => {
            const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            let count = 0;
            for (let i = 0; i < data.length; i += 4) {
              const color = data.subarray(i, i + 3);
              if (data[i + 3] > 200 && Math.max(...color) - Math.min(...color) > 60) ++count;
            }
            return count; })""")
        self.assertEqual(len(colored), 4)
        for count in colored:
            self.assertGreater(count, 500)
        self.assert_sound(browser)

    def test_tables_sort_by_mouse_and_by_keyboard(self):
        self.grid()
        browser = self.browser()
        browser.open(self.report())
        titles = browser.value("[...document.querySelectorAll('#board th[data-type]')].map((head) => head.textContent)")
        test = titles.index("Test")
        column = f"[...document.querySelectorAll('#board tbody tr')].map((row) => Number(row.cells[{test}].dataset.key))"
        head = "document.querySelectorAll('#board th')[{}]"
        unsorted = browser.value(column)
        self.assertEqual(unsorted, sorted(unsorted), "the best comes first")
        browser.value(head.format(test) + ".querySelector('button').click()")
        browser.value(head.format(test) + ".querySelector('button').focus()")
        self.assertEqual(browser.value(head.format(test) + ".getAttribute('aria-sort')"), "ascending")
        for kind in ("keyDown", "keyUp"):
            browser.call("Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", windowsVirtualKeyCode=13,
                         text="\r" if kind == "keyDown" else "")
        self.assertEqual(browser.value(head.format(test) + ".getAttribute('aria-sort')"), "descending")
        self.assertEqual(browser.value(column), sorted(unsorted, reverse=True))
        names = "[...document.querySelectorAll('#board tbody tr')].map((row) => row.cells[1].textContent)"
        browser.value(head.format(1) + ".querySelector('button').click()")
        found = browser.value(names)
        self.assertEqual(found, sorted(found))
        self.assertEqual(browser.value(head.format(test) + ".getAttribute('aria-sort')"), None)
        self.assert_sound(browser)

    def test_sequences_step_and_play(self):
        self.grid()
        browser = self.browser()
        browser.open(self.report())
        section = "document.querySelector('section.sequences')"
        picture = section + ".querySelector('canvas').toDataURL()"
        label = section + ".querySelector('.glimpse').textContent"
        self.assertEqual(browser.value(label), "Glimpse 2 of 2.")
        last = browser.value(picture)
        browser.value(section + ".querySelector('.back').click()")
        self.assertEqual(browser.value(label), "Glimpse 1 of 2.")
        first = browser.value(picture)
        self.assertNotEqual(first, last)
        browser.value(section + ".querySelector('.forth').click()")
        self.assertEqual(browser.value(picture), last)
        browser.value(section + ".querySelector('input[type=range]').focus()")
        for kind in ("keyDown", "keyUp"):
            browser.call("Input.dispatchKeyEvent", type=kind, key="ArrowLeft", code="ArrowLeft", windowsVirtualKeyCode=37)
        self.assertEqual(browser.value(label), "Glimpse 1 of 2.")
        browser.value(section + ".querySelector('.play').click()")
        self.wait_for("the drawing to play", lambda: browser.value(label) == "Glimpse 2 of 2.")
        browser.value(section + ".querySelector('.whole').click()")
        self.assertEqual(browser.value(section + ".querySelector('canvas').hidden"), True)
        self.assert_sound(browser)

    def test_shows_its_essentials_without_script(self):
        self.grid()
        browser = self.browser()
        browser.call("Emulation.setScriptExecutionDisabled", value=True)
        browser.open(self.report())
        seen = browser.value("({lines: document.querySelectorAll('svg polyline').length,"
                             " images: [...document.images].filter((image) => image.getClientRects().length).length,"
                             " rows: document.querySelectorAll('#board tbody tr').length,"
                             " players: [...document.querySelectorAll('.player')].filter((bar) => bar.getClientRects().length).length})")
        self.assertEqual((seen["images"], seen["rows"], seen["players"]), (20, 4, 0))
        self.assertGreaterEqual(seen["lines"], 4 * 3 * 2)
        self.assert_sound(browser)

    def test_prints_pictures_and_what_is_folded(self):
        self.grid()
        browser = self.browser()
        browser.open(self.report())
        folded = "[...document.querySelectorAll('details')].map((details) => details.open)"
        self.assertEqual(set(browser.value(folded)), {False})
        browser.call("Emulation.setEmulatedMedia", media="print")
        seen = browser.value("""({
            images: [...document.images].filter((image) => image.getClientRects().length).length,
            drawn: [...document.querySelectorAll('.plot > svg')].filter((plot) => plot.getClientRects().length).length,
            players: [...document.querySelectorAll('.player, nav, canvas')].filter((part) => part.getClientRects().length).length,
            folded: [...document.querySelectorAll('details > :not(summary)')].filter((part) => !part.checkVisibility({
                contentVisibilityAuto: true}) || part.offsetHeight === 0).length})""")
        self.assertEqual(seen, {"images": 20, "drawn": 4, "players": 0, "folded": 0})
        browser.call("Emulation.setEmulatedMedia", media="")
        browser.value("""window.addEventListener('beforeprint', () => { window.unfolded =
            [...document.querySelectorAll('details')].every((details) => details.open); })""")
        paper = base64.b64decode(browser.call("Page.printToPDF")["data"])
        self.assertTrue(paper.startswith(b"%PDF"))
        self.assertEqual(browser.value("window.unfolded"), True)
        self.assertEqual(set(browser.value(folded)), {False})
        self.assert_sound(browser)

    def test_shows_what_classifiers_took_labels_for(self):
        self.write("looks.yaml", """
            experiment: looks
            base:
              task: classify
              dataset: digits
              model: {glimpses: 2, hidden: 16}
              training: {epochs: 2, batch: 32, limit_train: 512, limit_validation: 64, limit_test: 64}
            grid:
              read: [global, {gaussian: {size: 4}}]
        """)
        self.drawlab("run", "looks.yaml")
        browser = self.browser()
        for width in (1280, 390):
            browser.open(self.report(), width)
            tables = browser.value("[...document.querySelectorAll('.confusion')].map((table) => "
                                   "[...table.querySelectorAll('td')].reduce((sum, cell) => sum + Number(cell.textContent), 0))")
            self.assertEqual(tables, [64, 64])
            titles = browser.value("[...document.querySelectorAll('#board th[data-type]')].map((head) => head.textContent)")
            self.assertIn("Test error, %", titles)
            self.assertNotIn("KL", titles)
            self.assertEqual(browser.value("document.querySelectorAll('#classified').length"), 1)
            self.assertEqual(browser.value(AUDIT), [])
            self.assertLessEqual(browser.value("document.documentElement.scrollWidth"), width)
        self.assert_sound(browser)

    def test_leaves_room_for_every_column_of_the_results(self):
        self.grid()
        browser = self.browser()
        browser.open(self.report())
        spare = "document.querySelector('#board').parentElement.clientWidth - document.querySelector('#board').offsetWidth"
        self.assertGreaterEqual(browser.value(spare), 0)

    def test_shows_hostile_names_as_text_everywhere(self):
        self.grid()
        name = "".join(HOSTILE[:2]) + HOSTILE[3]
        self.change("UPDATE experiment SET name = ?, description = ?, text = ?, file = ?", name, HOSTILE[5], HOSTILE[4],
                    HOSTILE[2])
        for run, text in enumerate(HOSTILE, 1):
            self.change("UPDATE run SET label = ?, host = ?, config = json_set(config, '$.training.note', ?) WHERE id = ?",
                        text, text, text, run)
            self.change("UPDATE image SET caption = ? WHERE run = ?", text, run)
        self.change("UPDATE run SET status = 'failed', error = ? WHERE id = 8", "".join(HOSTILE))
        browser = self.browser()
        path = self.report(name)
        for width in (1280, 390):
            browser.open(path, width)
            self.assertEqual(browser.value("document.querySelector('h1').textContent"), name)
            self.assertEqual(browser.value("document.title"), name + " – drawlab")
            for text in HOSTILE:
                self.assertTrue(browser.value(f"document.body.textContent.includes({json.dumps(text)})"), text[:60])
            self.assertEqual(browser.value("typeof window.pwned"), "undefined")
            self.assertEqual(browser.value("document.querySelectorAll('img[src=x]').length"), 0)
            self.assertEqual(browser.value("document.querySelectorAll('script').length"), 3)
            self.assertLessEqual(browser.value("document.documentElement.scrollWidth"), width)
        self.assertEqual(browser.value(AUDIT), [])
        self.assert_sound(browser)

    def test_leaves_out_pictures_that_cannot_be_read(self):
        self.grid()
        self.change("UPDATE image SET bytes = substr(bytes, 1, 40) WHERE run = 1")
        with open(self.report(), encoding="utf-8") as file:
            page = file.read()
        self.assertIn("5 recorded pictures cannot be read", page)
        self.assertEqual(page.count("<img "), 15)


if __name__ == "__main__":
    main()
