"""A browser under WebDriver (W3C), with Python's standard library: plain HTTP with JSON.

Browser("chromium"), Browser("webkit") or Browser("firefox"); use it as a context manager: leaving it ends
the driver and the browser. WebKit gets a display of its own (Xvfb). Firefox is driven without geckodriver,
which Debian 12 does not have: by Marionette, the protocol that geckodriver translates to.
"""
import base64
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

SECONDS = 60            # a command may take
WIDTH, HEIGHT = 1280, 720

# Where distributions put the browser that WebKitGTK's driver drives.
MINI_BROWSERS = ["/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser", "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.0/MiniBrowser",
                 "/usr/lib/x86_64-linux-gnu/webkitgtk-6.0/MiniBrowser", "/usr/libexec/webkit2gtk-4.1/MiniBrowser"]


class DriverError(Exception):
    """The driver refused a command."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def capabilities(engine, profile):
    if engine == "chromium":
        return {"goog:loggingPrefs": {"browser": "ALL"}, "goog:chromeOptions": {"args": [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage",
            "--hide-scrollbars", f"--user-data-dir={profile}", f"--window-size={WIDTH},{HEIGHT + 143}"]}}
    if engine == "webkit":
        binary = next((path for path in MINI_BROWSERS if os.path.exists(path)), MINI_BROWSERS[0])
        return {"webkitgtk:browserOptions": {"binary": binary, "args": ["--automation"]}}
    return {}


DRIVERS = {"chromium": ["chromedriver", "--port={port}"], "webkit": ["WebKitWebDriver", "--port={port}"],
           "firefox": ["firefox-esr", "-headless", "-no-remote", "-marionette", "-remote-allow-system-access",
                       f"--width={WIDTH}", f"--height={HEIGHT + 86}", "-profile", "{profile}"]}

# What of WebDriver is called what in Marionette.
MARIONETTE = {("POST", "/session"): "NewSession", ("POST", "/url"): "Navigate", ("POST", "/execute/sync"): "ExecuteScript",
              ("POST", "/actions"): "PerformActions", ("POST", "/element"): "FindElement",
              ("GET", "/screenshot"): "TakeScreenshot", ("DELETE", ""): "DeleteSession"}


class Marionette:
    """A connection to Firefox. A packet: its length, a colon, and [type, number, command or error, value]."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        self.stream = self.socket.makefile("rb")
        self.number = 0
        self.receive()          # it introduces itself

    def receive(self):
        size = b""
        while (byte := self.stream.read(1)) != b":":
            if not byte:
                raise DriverError("Firefox ended")
            size += byte
        return json.loads(self.stream.read(int(size)))

    def command(self, name, value):
        self.number += 1
        data = json.dumps([0, self.number, name, value]).encode()
        self.socket.sendall(b"%d:%s" % (len(data), data))
        _, _, error, result = self.receive()
        if error:
            raise DriverError(f"{error['error']}: {error.get('message', '')[:1000]}")
        return result

    def call(self, method, path, body):
        if click := re.match(r"/element/(.*)/click$", path):
            return self.command("WebDriver:ElementClick", {"id": click[1]})
        name = MARIONETTE[method, path]
        result = self.command("WebDriver:" + name, {**(body or {}), **({"full": False} if name == "TakeScreenshot" else {})})
        return result if name == "NewSession" else result.get("value")

    def console(self):
        """The errors in the browser's console that come from pages of files."""
        self.command("Marionette:SetContext", {"value": "chrome"})
        found = self.command("WebDriver:ExecuteScript", {"args": [], "script": """
            const list = Services.console.getMessageArray().filter(each => each instanceof Ci.nsIScriptError &&
              /^(file|data):/.test(each.sourceName) && !(each.flags & Ci.nsIScriptError.warningFlag)).map(String);
            Services.console.reset();
            return list;"""})["value"]
        self.command("Marionette:SetContext", {"value": "content"})
        return found


class Browser:
    def __init__(self, engine):
        self.engine, self.base, self.processes, self.marionette = engine, "", [], None
        self.folder = tempfile.mkdtemp(prefix="ringwalk-browser-")
        self.port = free_port()
        self.environment = {**os.environ, "HOME": self.folder, "NO_AT_BRIDGE": "1", "LIBGL_ALWAYS_SOFTWARE": "1"}

    def __enter__(self):
        try:
            if self.engine == "webkit":
                self.display()
            profile = os.path.join(self.folder, "profile")
            os.makedirs(profile)
            with open(os.path.join(profile, "user.js"), "w", encoding="ascii") as file:
                file.write(f'user_pref("marionette.port", {self.port});\n')     # read by Firefox only
            self.spawn([word.format(port=self.port, profile=profile) for word in DRIVERS[self.engine]])
            self.wait(self.connected, "the driver is not ready")
            wanted = capabilities(self.engine, profile)
            made = self.call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
            self.base = "/session/" + made["sessionId"]
            self.version = f'{made["capabilities"]["browserName"]} {made["capabilities"]["browserVersion"]}'
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        try:
            if self.base:
                self.call("DELETE", "")
        except (OSError, DriverError, ValueError):
            pass
        for process in reversed(self.processes):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                try:
                    process.wait(5)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def connected(self):
        if self.engine == "firefox":
            self.marionette = Marionette(self.port)
            return True
        return self.call("GET", "/status")["ready"]

    def spawn(self, words, **how):
        self.processes.append(subprocess.Popen(words, env=self.environment, stdout=subprocess.DEVNULL,
                                               stderr=subprocess.DEVNULL, start_new_session=True, **how))

    def display(self):
        """A display that nobody sees; Xvfb chooses its number."""
        reader, writer = os.pipe()
        self.spawn(["Xvfb", "-displayfd", str(writer), "-screen", "0", "1400x1000x24", "-nolisten", "tcp"],
                   pass_fds=[writer])
        os.close(writer)
        with os.fdopen(reader) as answer:
            number = answer.readline().strip()
        self.environment.update(DISPLAY=f":{number}", GDK_BACKEND="x11")

    @staticmethod
    def wait(condition, words, seconds=SECONDS):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                if condition():
                    return
            except (OSError, DriverError, http.client.HTTPException):
                pass
            time.sleep(0.1)
        raise DriverError(f"{words} after {seconds} seconds")

    def call(self, method, path, body=None):
        if self.marionette:
            return self.marionette.call(method, path, body)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            connection.request(method, self.base + path, None if body is None else json.dumps(body),
                               {"Content-Type": "application/json"})
            value = json.loads(connection.getresponse().read())["value"]
        finally:
            connection.close()
        if isinstance(value, dict) and "error" in value:
            raise DriverError(f"{value['error']}: {value.get('message', '')[:1000]}")
        return value

    # --- what a test does ---

    def open(self, path, fragment="", wait=True):
        """Open a page from a file, and wait until it has started."""
        self.call("POST", "/url", {"url": "about:blank"})
        self.call("POST", "/url", {"url": "file://" + os.path.abspath(path) + fragment})
        if wait:
            self.wait(lambda: self.js("return document.documentElement.dataset.ready === 'true'"),
                      "the page has not started", 30)

    def js(self, code, *arguments):
        return self.call("POST", "/execute/sync", {"script": code, "args": list(arguments)})

    def keys(self, text):
        """Type on the page, wherever the focus is."""
        actions = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def click(self, selector):
        element = self.call("POST", "/element", {"using": "css selector", "value": selector})
        self.call("POST", f"/element/{next(iter(element.values()))}/click", {})

    def drag(self, selector, start, end):
        """Draw the pointer over an element, from one part of its width to another, in the middle."""
        box = self.js("const r = document.querySelector(arguments[0]).getBoundingClientRect(); return [r.x, r.y, r.width, r.height]",
                      selector)
        places = [{"type": "pointerMove", "duration": 0, "x": int(box[0] + box[2] * part), "y": int(box[1] + box[3] / 2)}
                  for part in (start, (start + end) / 2, end)]
        actions = [places[0], {"type": "pointerDown", "button": 0}, *places[1:], {"type": "pointerUp", "button": 0}]
        self.call("POST", "/actions", {"actions": [{"type": "pointer", "id": "mouse", "actions": actions}]})

    def errors(self):
        """What went wrong: the page's own list and, of Chromium, the console's errors."""
        found = self.js("return document.getElementById('errors').textContent")
        words = [found] if found else []
        if self.engine == "firefox":
            words += self.marionette.console()
        if self.engine == "chromium":
            words += [entry["message"] for entry in self.call("POST", "/se/log", {"type": "browser"})
                      if entry["level"] == "SEVERE"]
        return words

    def picture(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("GET", "/screenshot")))
