"""Links lead to files, and indexes are complete."""

import pathlib
import unittest

import markdown

ROOT = pathlib.Path(__file__).resolve().parents[2]
OWN = ("core", "plugins", "results", "runner", "experiments", "tests", "docs", "cmake")


def pages():
    found = list(ROOT.glob("*.md"))
    for folder in OWN:
        found += (ROOT / folder).rglob("*.md")
    return found


def text_of(path):
    return path.read_text(encoding="utf-8")


class Pages(unittest.TestCase):
    def test_every_link_leads_to_a_file(self):
        broken = [f"{page.relative_to(ROOT)}: {link}" for page in pages() for link in markdown.links(text_of(page))
                  if not (page.parent / link).exists()]
        self.assertEqual(broken, [])

    def test_every_page_of_the_documentation_is_in_its_index(self):
        for folder in (ROOT / "docs", ROOT / "docs" / "decisions"):
            linked = set(markdown.links(text_of(folder / "README.md")))
            missing = [page.name for page in folder.glob("*.md") if page.name not in linked | {"README.md"}]
            self.assertEqual(missing, [], folder)

    def test_every_experiment_is_in_its_index(self):
        index = text_of(ROOT / "experiments" / "README.md")
        missing = [path.name for path in (ROOT / "experiments").glob("*.yaml") if path.name not in index]
        self.assertEqual(missing, [])

    def test_every_folder_of_sources_has_a_page(self):
        folders = {path.parent for folder in OWN for path in (ROOT / folder).rglob("*.[ch]pp")}
        # A folder may leave its one-idea subfolders to its own page.
        silent = [str(folder.relative_to(ROOT)) for folder in folders
                  if not any((parent / "README.md").exists() for parent in (folder, folder.parent))]
        self.assertEqual(sorted(silent), [])


if __name__ == "__main__":
    unittest.main()
