"""Pages, help texts and the SDK's comments are plain technical English: none of the patterns below, which readers had to
read twice."""

import os
import re
import subprocess
import unittest

import markdown
from pages_test import ROOT, pages, text_of

MEASURES = ("axes bits? bytes? columns? cores? cycles files? GFLOP/s images? lines? MFLOP MiB minutes? ms nats numbers? once "
            "pictures? processes process rows? samples? seconds? sentences? tests? threads? times? twice values?").split()
THINGS = ("axis batch cell channel class core dimension epoch file folder glimpse image line page pixel process row run sample "
          "second seed side step table test thread").split()

# Name, pattern, and a plainer form.
PATTERNS = [
    ("a relative clause as subject", r"(?:^|(?<=[.:;!|] ))(?:What|Of|Where|Whoever|Whether|Who)\b[^.?|]*(?=[.|]|$)",
     "begin with the subject; use 'if' for a condition"),
    ("'a' for 'per'", rf"\b(?:{'|'.join(MEASURES)}) an? (?:{'|'.join(THINGS)})\b", "per"),
    ("so many", r"(?i)\bso many\b", "name the number"),
    ("likewise", r"(?i)\blikewise\b", "'also', 'the same'"),
    ("nobody", r"(?i)\bnobody\b", "'no user', 'no process'"),
    ("whoever", r"(?i)\bwhoever\b", "name the person or the program"),
    ("way back", r"(?i)\bway back\b", "backward pass"),
    ("there and back", r"(?i)\bthere and back\b", "forward and backward"),
    ("any more", r"(?i)\bany more\b", "'no longer', or what is true now"),
    ("such", r"(?i)\bsuch\b(?! as\b)", "'this', 'these'"),
    ("speaks", r"(?i)\bspeaks?\b", "'counts', 'reports'"),
    ("of one's own", r"(?i)\bof one's own\b", "'own', 'separate'"),
    ("compares with no", r"(?i)\bcompares? with no\b", "cannot be compared with"),
]

SDK = ROOT / "core" / "include" / "drawlab"

# Lines that are right as they are.
ALLOWED = ()


def prose(text):
    """Paragraphs, list items and table rows, each on one line; without code, headings and words in bold."""
    text = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"^#.*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"``?[^`]+``?|\*\*[^*]+\*\*", "·", text)
    text = re.sub(r"(?<=[^\n|])\n(?=[^\n|#*\-\d])", " ", text)
    return [re.sub(r"^\s*(?:[-*]|\d+\.) ", "", line) for line in text.splitlines()]


def findings(text, patterns=PATTERNS):
    """Yields one sentence for each pattern that a page contains."""
    for line in prose(text):
        if line in ALLOWED:
            continue
        for name, pattern, better in patterns:
            for found in re.finditer(pattern, line):
                yield f"{name} ({better}): …{line[max(0, found.start() - 30):found.end() + 30]}…"


def comments(source):
    """The comments of a header, as paragraphs."""
    found = (re.search(r"(?:^|\s)///? ?(.*)", line) for line in source.splitlines())
    return "\n".join(comment.group(1) if comment else "" for comment in found)


def help_texts():
    """(command, its --help on one line per paragraph or option) of every command of the built program."""
    program = os.environ["DRAWLAB"]
    overview = subprocess.run([program, "--help"], check=True, capture_output=True, text=True).stdout
    for command in re.findall(r"^  (\w+)  ", overview, re.MULTILINE):
        text = subprocess.run([program, command, "--help"], check=True, capture_output=True, text=True).stdout
        yield command, re.sub(r"\n {8,}", " ", text)


class Wording(unittest.TestCase):
    def test_pages_are_plain(self):
        found = [f"{page.relative_to(ROOT)}: {finding}" for page in pages() for finding in findings(text_of(page))]
        self.assertEqual(len(found), 0, "\n" + "\n".join(found))

    def test_help_is_plain(self):
        found = [f"{command}: {finding}" for command, text in help_texts() for finding in findings(text)]
        self.assertEqual(len(found), 0, "\n" + "\n".join(found))

    def test_comments_of_the_sdk_are_plain(self):
        patterns = PATTERNS[1:]  # a comment may be a noun phrase, "What the constructor gets."
        found = [f"{header.name}: {finding}" for header in sorted(SDK.glob("*.hpp"))
                 for finding in findings(comments(text_of(header)), patterns)]
        self.assertEqual(len(found), 0, "\n" + "\n".join(found))

    def test_the_patterns_find_what_they_are_for(self):
        for text in ("What is not known is NULL.", "It ends. Where there are more, cells run side by side.", "30 ms a step",
                     "Of a classifier it is the cross-entropy.", "it takes one process a cell", "no gap any more",
                     "- Whoever trains holds it.", "a file of such digits", "| a | Where it is. |"):
            self.assertNotEqual(list(findings(text)), [], text)

    def test_plain_sentences_pass(self):
        for text in ("What does it cost?", "## Where plugins are", "such as this", "train a cell", "`nobody` is a name",
                     "**What you see.** A number.", "30 ms per step", "It says where it is."):
            self.assertEqual(list(findings(text)), [], text)


if __name__ == "__main__":
    unittest.main()
