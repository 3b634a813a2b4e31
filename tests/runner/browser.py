"""A real browser without a window, driven through its DevTools protocol over a pipe."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

CHROMIUM = shutil.which("chromium")

# What a checker of accessibility would find first; each finding is a sentence.
AUDIT = r"""
(() => {
  const found = [];
  const say = (element, what) => found.push(`${what}: ${element.outerHTML.slice(0, 90)}`);
  const visible = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility !== 'hidden';
  const name = (element) => (element.getAttribute('aria-label') || element.textContent ||
    (element.labels && [...element.labels].map((label) => label.textContent).join(' ')) || '').trim();
  if (!document.documentElement.lang) found.push('the page has no language');
  if (!document.title) found.push('the page has no title');
  for (const image of document.querySelectorAll('img')) if (!image.alt.trim()) say(image, 'no alternative text');
  for (const image of document.querySelectorAll('svg[role=img], canvas[role=img]')) {
    if (!(image.getAttribute('aria-label') || '').trim()) say(image, 'no alternative text');
  }
  for (const element of document.querySelectorAll('button, a[href], input')) if (!name(element)) say(element, 'no name');
  for (const cell of document.querySelectorAll('th')) if (!cell.scope) say(cell, 'no scope');
  for (const region of document.querySelectorAll('[role=region]')) if (!region.getAttribute('aria-label')) say(region, 'no name');
  const landmarks = [...document.querySelectorAll('section, [role=region], nav')].map((element) =>
    element.getAttribute('aria-label') || document.getElementById(element.getAttribute('aria-labelledby')).textContent);
  landmarks.filter((label, at) => landmarks.indexOf(label) !== at).forEach((label) => found.push(`two parts are called ${label}`));
  for (const element of document.body.querySelectorAll('*')) {
    const scrolls = element.scrollHeight > element.clientHeight + 1 && getComputedStyle(element).overflowY === 'auto';
    if (scrolls && visible(element) && element.tabIndex < 0) say(element, 'scrolls, but not by the keyboard');
  }
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  ids.filter((id, at) => ids.indexOf(id) !== at).forEach((id) => found.push(`the id ${id} is there twice`));
  for (const element of document.querySelectorAll('[aria-labelledby]')) {
    if (!document.getElementById(element.getAttribute('aria-labelledby'))) say(element, 'labelled by nothing');
  }
  for (const link of document.querySelectorAll('a[href^="#"]')) {
    if (!document.getElementById(link.hash.slice(1))) say(link, 'leads nowhere');
  }
  let level = 0;
  for (const heading of document.querySelectorAll('h1, h2, h3, h4')) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) say(heading, 'skips a level');
    level = next;
  }
  const channels = (color) => color.match(/[\d.]+/g).map(Number);
  const light = ([red, green, blue]) => {
    const linear = [red, green, blue].map((value) => value / 255)
      .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = channels(getComputedStyle(at).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.textContent.trim() || seen.has(element) || !visible(element)) continue;
    if (element.closest('script, style')) continue;
    seen.add(element);
    const style = getComputedStyle(element);
    const ink = channels(element.closest('svg') ? style.fill : style.color);
    const [a, b] = [light(ink), light(ground(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) say(element, `contrast ${ratio.toFixed(2)}`);
  }
  return found;
})()
"""


class Browser:
    """One browser with one page; `troubles` are its errors, `requests` what it asked for beside the page itself."""

    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="drawlab-browser-")
        to_browser, self.output = os.pipe()
        self.input, from_browser = os.pipe()
        arguments = [CHROMIUM, "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu",
                     "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions", "--hide-scrollbars",
                     "--disable-background-networking", f"--user-data-dir={self.profile}", "about:blank"]
        # The browser reads commands from descriptor 3 and writes answers to 4.
        self.process = subprocess.Popen(["bash", "-c", f'exec "$@" 3<&{to_browser} 4>&{from_browser}', "_", *arguments],
                                        pass_fds=(to_browser, from_browser), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.buffer = b""
        self.number = 0
        self.session = None
        self.troubles = []
        self.requests = []
        self.loaded = False
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.input)
        os.close(self.output)
        shutil.rmtree(self.profile, ignore_errors=True)

    def receive(self, seconds):
        """The next message, or None after some time."""
        end = time.monotonic() + seconds
        while b"\0" not in self.buffer:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.input], [], [], left)[0]:
                return None
            part = os.read(self.input, 1 << 20)
            if not part:
                raise RuntimeError("the browser has ended")
            self.buffer += part
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def note(self, message):
        method, what = message.get("method"), message.get("params", {})
        if method == "Runtime.exceptionThrown":
            self.troubles.append(what["exceptionDetails"].get("exception", {}).get("description", "an exception"))
        elif method == "Runtime.consoleAPICalled" and what["type"] in ("error", "assert"):
            self.troubles.append(json.dumps(what["args"]))
        elif method == "Log.entryAdded" and what["entry"]["level"] in ("error", "warning"):
            self.troubles.append(what["entry"]["text"])
        elif method == "Page.javascriptDialogOpening":
            self.troubles.append("a dialog: " + what["message"])
        elif method == "Network.requestWillBeSent" and what.get("type") != "Document":
            if not what["request"]["url"].startswith("data:"):
                self.requests.append(what["request"]["url"])
        elif method == "Page.loadEventFired":
            self.loaded = True

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.output, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive(60)
            if answer is None:
                raise RuntimeError(f"the browser does not answer {method}")
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.note(answer)

    def open(self, path, width=1280, height=900):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=width < 600)
        self.loaded = False
        self.call("Page.navigate", url="file://" + path)
        end = time.monotonic() + 60
        while not self.loaded:
            message = self.receive(1)
            if message:
                self.note(message)
            if time.monotonic() > end:
                raise RuntimeError(f"{path} is not loaded after a minute")

    def value(self, expression):
        """What an expression comes to in the page; promises are waited for."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"].get("description", "an exception"))
        return answer["result"].get("value")

    def screenshot(self, path):
        """The whole page."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 16000), "scale": 1}
        picture = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        with open(path, "wb") as file:
            file.write(base64.b64decode(picture["data"]))


__all__ = ["AUDIT", "CHROMIUM", "Browser"]
