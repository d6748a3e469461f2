#!/usr/bin/env python3
"""make test-page: the pages of all scenarios in browsers, driven by WebDriver.

Expects the pages of `make page-all`, and Chromium and WebKit with their drivers. ENGINES="firefox" drives
another. What a page shows is compared with a second, simple reading of the recording in it.
"""
import base64
import json
import os
import random
import re
import sys
import zlib

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), "host"), HERE]
from lib import TOP, done, equal, note, ok
from webdriver import Browser

SITE = os.path.join(TOP, "build", "page")
SCENARIOS = "success udp bad-family bad-type denied no-inode no-sock emfile close".split()
MOMENTS = 200
PICTURES = os.environ.get("PICTURES")           # a folder for pictures of five views


class Recording:
    """The recording in a page, read in the simplest way: by applying every change from the beginning."""

    def __init__(self, name):
        with open(os.path.join(SITE, name + ".html"), encoding="utf-8") as file:
            text = file.read()
        found = re.search(r'class="recording" data-name="[^"]*">([^<]*)<', text)[1]
        self.data = json.loads(zlib.decompress(base64.b64decode(found)))
        self.end = len(self.data["steps"]["insn"])
        self.names = self.data["registers"]

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
  ringwalk.go(t - 1); ringwalk.act("in+");
  const forwards = shown(), at = ringwalk.t;
  ringwalk.go(t + 1); ringwalk.act("in-");
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
    browser.keys("/sock_alloc\ue007")
    ok(browser.js("return ringwalk.view.calls.node(ringwalk.t).fn").startswith("sock_alloc"), "search by the keyboard")
    before = time(browser)
    browser.js("ringwalk.go(0); document.querySelector('#source tr.here').click()")
    ok(time(browser) != 0 and before, "a click on a line of source: the next time it runs")


def side_by_side(browser):
    browser.open(os.path.join(SITE, "success.html"), "#step=20")
    browser.js("const s = document.getElementById('others'); s.value = 'no-sock'; s.dispatchEvent(new Event('change'))")
    browser.wait(lambda: browser.js("return ringwalk.rows !== null && !document.getElementById('compare').hidden"),
                 "the other recording is not there", 20)
    ok("kmem_cache_alloc, which only success calls" in browser.js("return document.getElementById('compare').textContent"),
       "side by side: where they part")
    browser.click("#parting")
    equal(browser.js("return ringwalk.views.map(view => view.calls.node(view.t).fn)"), ["sk_alloc", "sk_alloc"],
          "both are at the same function there")


NAMELESS = """return [...document.querySelectorAll("button, input, select, section, nav")].filter(each =>
  !each.closest("[hidden]") && !(each.textContent.trim() && each.matches("button")) && !each.getAttribute("aria-label") &&
  !each.closest("label")).map(each => each.outerHTML.slice(0, 80))"""


def in_engine(engine, recording):
    with Browser(engine) as browser:
        note(browser.version)
        paints = []
        for name in SCENARIOS:
            browser.open(os.path.join(SITE, name + ".html"))
            paints += browser.js("return performance.getEntriesByName('first-contentful-paint').map(each => each.startTime)")
            equal(browser.errors(), [], f"{name} opens without an error")
        if paints:
            ok(min(paints) < 1000, "the first paint comes within a second", paints)
        browser.open(os.path.join(SITE, "success.html"))
        equal(browser.js(NAMELESS), [], "each control and each region has a name")
        both_ways(browser, recording)
        who_wrote(browser, recording)
        links_and_keys(browser)
        side_by_side(browser)
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
