#!/usr/bin/env python3
"""make test-page: the pages of all scenarios in browsers, driven by WebDriver.

Expects the pages of `make page-all`, and Chromium and WebKit with their drivers. ENGINES="firefox" drives
Firefox, when firefox-esr is installed. What a page shows is compared with a second, simple reading of the recording in it.
"""
import base64
import json
import os
import random
import re
import sys
import zlib
from time import sleep as pause

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), "host"), HERE]
sys.dont_write_bytecode = True
from lib import TOP, done, equal, note, ok
sys.path.insert(0, os.path.join(TOP, "tools"))
from page import html
from webdriver import Browser

SITE = os.path.join(TOP, "build", "page")
# How many objects each makes or has, and gives back before its end.
SCENARIOS = {"success": 4, "udp": 4, "bad-family": 0, "bad-type": 0, "denied": 0, "no-inode": 0, "no-sock": 1, "emfile": 2,
             "close": 4}
TWO = os.path.join(TOP, "build", "two recordings.html")
MOMENTS = 200
PICTURES = os.environ.get("PICTURES")           # a folder for pictures of five views


class Recording:
    """The recording in a page, read in the simplest way: by applying every change from the beginning."""

    def __init__(self, name):
        with open(os.path.join(SITE, name + ".html"), encoding="utf-8") as file:
            text = file.read()
        self.data = self.unpacked(re.search(r'class="recording" data-name="[^"]*">([^<]*)<', text)[1])
        self.shared = self.unpacked(re.search(r'id="shared">([^<]*)<', text)[1])
        self.end = len(self.data["steps"]["insn"])
        self.names = self.data["registers"]

    @staticmethod
    def unpacked(text):
        return json.loads(zlib.decompress(base64.b64decode(text)))

    def states(self, moments):
        """{time: {register: value}} at these times."""
        values, found = [int(text, 16) for text in self.data["first"]], {}
        for t in range(self.end + 1):
            if t in moments:
                found[t] = dict(zip(self.names, values))
            if t < self.end:
                changes = self.data["steps"]["changes"][t]
                for number, value in zip(changes[::2], changes[1::2]):
                    values[number] = int(value, 16)
        return found

    def last_writer(self, at, size, t):
        """The last step before time @t that writes into the physical place, or None."""
        for u in range(t - 1, -1, -1):
            writes = self.data["steps"]["writes"][u]
            for where, data in zip(writes[::2], writes[1::2]):
                if where < at + size and at < where + len(data) // 2:
                    return u
        return None

    def next_reader(self, at, size, t):
        """The next step from time @t on that reads from the place, or None: it is overwritten before."""
        for u in range(t, self.end):
            reads, writes = self.data["steps"]["reads"][u], self.data["steps"]["writes"][u]
            if any(where < at + size and at < where + length for where, length in zip(reads[::2], reads[1::2])):
                return u
            if any(where <= at and at + size <= where + len(data) // 2 for where, data in zip(writes[::2], writes[1::2])):
                return None
        return None

    def last_setter(self, register, t):
        """The last step before @t that changes the register, or is an instruction that sets it."""
        number, steps = self.names.index(register), self.data["steps"]
        return next(u for u in range(t - 1, -1, -1) if number in steps["changes"][u][::2] or
                    str(u) not in steps["kind"] and number in self.data["code"][steps["insn"][u]][5])


# Registers as the page shows them, at each of some moments: come to forwards, and come to backwards.
BOTH_WAYS = """
const shown = () => Object.fromEntries([...document.querySelectorAll("[data-register]")].map(
  each => [each.dataset.register, / = (0x[0-9a-f]+)/.exec(each.title)[1]]));
return arguments[0].map(t => {
  ringwalk.view.t = t - 1; ringwalk.act("in+");
  const forwards = shown(), at = ringwalk.t;
  ringwalk.view.t = t + 1; ringwalk.act("in-");
  return [at, forwards, ringwalk.t, shown()];
});"""


def both_ways(browser, recording):
    moments = sorted(random.Random(9).sample(range(1, recording.end), MOMENTS))
    states, wrong = recording.states(set(moments)), []
    for n in range(0, MOMENTS, 25):
        part = moments[n:n + 25]
        for t, (one, forwards, other, backwards) in zip(part, browser.js(BOTH_WAYS, part)):
            for at, shown in ((one, forwards), (other, backwards)):
                if at != t or any(int(value, 16) != states[t][name] for name, value in shown.items()):
                    wrong.append(t)
    equal(wrong, [], f"{MOMENTS} moments, forwards and backwards: the registers are those of the recording")


def time(browser):
    return browser.js("return ringwalk.t")


def who_wrote(browser, recording):
    """Click, press w, and see where that leads."""
    moment = browser.js("return ringwalk.view.marks.find(mark => mark.step === 37).t")
    for what, selector in (("sock->ops", '[data-field="socket_alloc.socket.ops"]'),
                           ("sock->sk", '[data-field="socket_alloc.socket.sk"]'), ("the descriptor's slot", '[data-field="fdtable.fd[3]"]'),
                           ("a word of the stack", "#stacks .word")):
        browser.js("ringwalk.go(arguments[0])", moment)
        browser.js("document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })", selector)
        browser.click(selector)
        place = browser.js("const key = ringwalk.picked.key; return ringwalk.view.model.translate(BigInt(key.slice(2)), ringwalk.t)")
        browser.keys("w")
        equal(time(browser), recording.last_writer(place, 8, moment), f"who wrote {what}")
        browser.js("ringwalk.go(arguments[0])", moment)
        browser.keys("u")
        reader = recording.next_reader(place, 8, moment)
        equal(time(browser), moment if reader is None else reader, f"who reads {what} next")
    browser.js("ringwalk.go(arguments[0])", moment)
    browser.click('[data-register="rax"]')
    browser.keys("w")
    equal(time(browser), recording.last_setter("rax", moment), "who wrote RAX")


def links_and_keys(browser):
    path = os.path.join(SITE, "success.html")
    browser.open(path, "#t=512")
    equal(time(browser), 512, "#t=512 leads to that moment")
    browser.open(path, "#step=24")
    step = browser.js("return ringwalk.view.marks.find(mark => mark.step === 24).t")
    equal(time(browser), step, "#step=24 leads to that step")
    ok("in RAX" in browser.js("return document.getElementById('caption').textContent"), "and says what it is")
    browser.keys("]")
    ok("valid but empty" in browser.js("return document.getElementById('caption').textContent"), "key ]: the next step, at the same moment")
    browser.keys("[")
    for key, expected in (("\ue014", step + 1), ("\ue012", step)):
        browser.keys(key)
        equal(time(browser), expected, f"arrow to t={expected}")
    for there, back in (("n", "N"), ("r", "R")):
        browser.keys(there)
        moved = time(browser)
        browser.keys(back)
        ok(moved > step and time(browser) <= moved, f"keys {there} and {back}", (step, moved, time(browser)))
    browser.js("ringwalk.go(arguments[0])", step)
    browser.keys("o")
    ok(time(browser) > step, "key o goes out")
    browser.keys("?")
    ok(browser.js("return document.getElementById('keys').open"), "? opens the sheet of keys")
    browser.keys("?")
    ok(not browser.js("return document.getElementById('keys').open"), "and closes it")
    for key, back in (("l", "L"), ("s", "S"), ("\ue010", "\ue011")):
        browser.js("ringwalk.go(arguments[0])", step)
        browser.keys(key)
        moved = time(browser)
        browser.keys(back)
        ok(moved != step and time(browser) <= step, f"keys {key!a} and {back!a}", (step, moved, time(browser)))
    dark = browser.js("return document.documentElement.dataset.theme === 'dark'")
    browser.keys("d")
    ok(browser.js("return document.documentElement.dataset.theme === 'dark'") != dark, "key d: light or dark")
    browser.keys("d")
    browser.keys("/step 24\ue007")
    equal(time(browser), step, "search for a step")
    socket = browser.js("return '0x' + ringwalk.view.model.reg('rax', ringwalk.t).toString(16)")
    browser.keys(f"/{socket}\ue015")
    listed = browser.js("return [...document.querySelectorAll('#results b')].map(each => each.textContent)")
    ok(f"rax = {socket}" in listed and f"memory = {socket}" in listed, "search for a value", listed)
    ok(browser.js("return document.activeElement.closest('#results') !== null"), "arrows go through what is found")
    browser.keys("\ue00c")
    browser.keys("/sock_alloc\ue007")
    ok(browser.js("return ringwalk.view.calls.node(ringwalk.t).fn").startswith("sock_alloc"), "search by the keyboard")


def mouse(browser):
    """What a hand does: buttons, lines of source, dragging, playing."""
    for action in ("in", "over", "out", "ring"):
        for sign in "+-":
            browser.js("ringwalk.view.t = 900; ringwalk.go(900)")
            wanted = browser.js(f"ringwalk.act('{action}{sign}'); const t = ringwalk.t; ringwalk.go(900); return t")
            browser.click(f'#controls [data-act="{action}{sign}"]')
            ok(time(browser) == wanted and (wanted > 900) == (sign == "+"), f"button {action}{sign}", (wanted, time(browser)))
    browser.js("ringwalk.go(0)")
    line = browser.js("return document.querySelector('#source .file').textContent").split(":")
    times = browser.js("return ringwalk.view.model.lines().get(arguments[0])", ":".join(line))
    browser.drag("#source tr.here td.text", 0.1, 0.1)       # WebKit's driver clicks no cells
    equal(time(browser), next((t for t in times if t > 0), times[0]), "a click on a line of source: the next time it runs")
    browser.js("ringwalk.go(600)")
    browser.drag("#flame", 0.3, 0.6)
    here = time(browser)
    browser.drag("#flame", 0.3, 0.8)
    ok(600 < here < time(browser), "dragging in the timeline", (here, time(browser)))
    for speed, least, most in (("0", 0, 15), ("10", 100, 5000)):
        browser.js("ringwalk.go(0); document.getElementById('speed').value = arguments[0]", speed)
        browser.keys(" ")
        pause(1)
        browser.keys(" ")
        stopped = time(browser)
        pause(0.2)
        ok(least <= stopped <= most and time(browser) == stopped, f"it plays at speed {speed}, and stops", stopped)


def tour(browser):
    browser.js("ringwalk.go(ringwalk.view.marks[3].t, 4)")
    browser.keys("g")
    browser.wait(lambda: browser.js("return ringwalk.step") == 5, "the tour does not go on", 20)
    browser.keys("g")
    ok(not browser.js("return document.body.classList.contains('touring')"), "the tour goes on by itself, and stops")
    sentences = browser.js("""ringwalk.go(0, 1);
      return Array.from({length: 40}, () => {
        const text = ["number", "sentence"].map(each => document.querySelector(`#caption .${each}`).firstChild.textContent).join(" ");
        ringwalk.act("step+");
        return text;
      })""")
    ok(len(set(sentences)) == 40 and all(each.strip().endswith(".") for each in sentences), "forty sentences", sentences)


LANDMARKS = """return ["header", "main", "nav[aria-label]", "form[role=search]"].filter(each => !document.querySelector(each))"""
FOCUS = """document.querySelector('[data-register="rbx"]').focus(); ringwalk.go(700);
  return document.activeElement.dataset.register"""


def for_readers(browser):
    """Screen readers, and keyboards: names, landmarks, focus; paper."""
    equal(browser.js(NAMELESS), [], "each control and each region has a name")
    equal(browser.js(LANDMARKS), [], "there are landmarks")
    equal(browser.js(FOCUS), "rbx", "the focus stays where it is")
    browser.keys("\ue007")
    equal(browser.js("return [ringwalk.picked.name, document.activeElement.dataset.register]"), ["RBX", "rbx"],
          "the keyboard picks a register, and stays there")
    rows = browser.js("""dispatchEvent(new Event("beforeprint"));
      const near = document.querySelectorAll("#source tr.near").length;
      dispatchEvent(new Event("afterprint"));
      return [near, document.querySelectorAll("tr.near").length]""")
    ok(5 < rows[0] < 30 and rows[1] == 0, "of the source that is printed which is near", rows)
    if browser.engine == "chromium":
        paper = base64.b64decode(browser.call("POST", "/print", {"orientation": "landscape"}))
        ok(0 < len(re.findall(rb"/Type\s*/Page\b", paper)) <= 4, "a page is printed on few sheets", len(paper))


FREED = """ringwalk.go(ringwalk.view.model.end);
  const cards = [...document.querySelectorAll('.card:not([data-card="fd"])')];
  return [cards.length, cards.filter(each => each.classList.contains("freed")).length]"""
OUTSIDE = """return [document.documentElement.scrollWidth > innerWidth, document.documentElement.scrollHeight > innerHeight]"""


def every_scenario(browser):
    paints = []
    for name, objects in SCENARIOS.items():
        browser.open(os.path.join(SITE, name + ".html"))
        paints += browser.js("return performance.getEntriesByName('first-contentful-paint').map(each => each.startTime)")
        if browser.js("return innerHeight") >= 720:
            equal(browser.js(OUTSIDE), [False, False], f"{name} fits into 1280 by 720")
        equal(browser.js("return document.getElementById('tour').disabled"), name == "close", f"{name}: a tour where there are steps")
        equal(browser.js(FREED), [objects, objects], f"{name}: at its end all of its {objects} objects are freed")
        equal(browser.errors(), [], f"{name} opens without an error")
    if paints:
        ok(min(paints) < 1000, "the first paint comes within a second", paints)


def parted(browser):
    browser.wait(lambda: browser.js("return ringwalk.rows !== null && !document.getElementById('compare').hidden"),
                 "the other recording is not there", 20)
    ok("kmem_cache_alloc, which only success calls" in browser.js("return document.getElementById('compare').textContent"),
       "side by side: where they part")
    ok(browser.js("""const canvas = document.getElementById("flame2");
      return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(each => each)"""),
       "the second flame graph is drawn")
    browser.click("#parting")
    equal(browser.js("return ringwalk.views.map(view => view.calls.node(view.t).fn)"), ["sk_alloc", "sk_alloc"],
          "both are at the same function there")


def side_by_side(browser, success):
    """Another recording from beside a page, as make page-all puts them; and both in one page, as SCENARIO=a,b."""
    browser.open(os.path.join(SITE, "success.html"), "#step=20")
    browser.js("const s = document.getElementById('others'); s.value = 'no-sock'; s.dispatchEvent(new Event('change'))")
    parted(browser)
    both = [(name, Recording(name)) for name in ("success", "no-sock")]
    with open(TWO, "w", encoding="utf-8") as file:
        file.write(html.page("two", success.shared, [(name, each.data) for name, each in both]))
    browser.open(TWO)
    parted(browser)
    browser.keys("x")
    equal(browser.js("return document.getElementById('recordings').selectedIndex"), 1, "key x: the other recording")


NAMELESS = """return [...document.querySelectorAll("button, input, select, section, nav")].filter(each =>
  !each.closest("[hidden]") && !(each.textContent.trim() && each.matches("button")) && !each.getAttribute("aria-label") &&
  !each.closest("label")).map(each => each.outerHTML.slice(0, 80))"""


def in_engine(engine, recording):
    with Browser(engine) as browser:
        note(browser.version)
        every_scenario(browser)
        browser.open(os.path.join(SITE, "success.html"))
        both_ways(browser, recording)
        who_wrote(browser, recording)
        links_and_keys(browser)
        mouse(browser)
        tour(browser)
        for_readers(browser)
        side_by_side(browser, recording)
        equal(browser.errors(), [], "and no error after all of this")
        browser.open(os.path.join(SITE, "index.html"), wait=False)
        equal(browser.js("return document.querySelectorAll('li a').length"), len(SCENARIOS), "the index lists the scenarios")


def pictures(engine):
    """Five views, to be looked at."""
    views = {"socket": ("success", "#step=31", ""), "close": ("close", "#t=500", ""), "dark": ("success", "#step=36", "d"),
             "failure": ("no-sock", "#step=28", ""), "tour": ("success", "#step=4", "g")}
    with Browser(engine) as browser:
        for name, (scenario, fragment, keys) in views.items():
            browser.open(os.path.join(SITE, scenario + ".html"), fragment)
            browser.keys(keys) if keys else None
            browser.picture(os.path.join(PICTURES, f"{engine}-{name}.png"))


success = Recording("success")
for each in os.environ.get("ENGINES", "chromium webkit").split():
    print(f"# {each}", flush=True)
    in_engine(each, success)
    if PICTURES:
        pictures(each)
done()
