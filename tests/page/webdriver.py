"""A browser under WebDriver (W3C), with Python's standard library: plain HTTP with JSON.

Browser("chromium"), Browser("webkit") or Browser("firefox"); use it as a context manager: leaving it ends
the driver and the browser. WebKit and Firefox get a display of their own (Xvfb).
"""
import base64
import http.client
import json
import os
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
    return {"moz:firefoxOptions": {"args": ["-headless", f"--width={WIDTH}", f"--height={HEIGHT + 85}"]}}


DRIVERS = {"chromium": ["chromedriver", "--port={port}"], "webkit": ["WebKitWebDriver", "--port={port}"],
           "firefox": ["geckodriver", "--port={port}"]}


class Browser:
    def __init__(self, engine):
        self.engine, self.base, self.processes = engine, "", []
        self.folder = tempfile.mkdtemp(prefix="ringwalk-browser-")
        self.port = free_port()
        self.environment = {**os.environ, "HOME": self.folder, "NO_AT_BRIDGE": "1", "LIBGL_ALWAYS_SOFTWARE": "1"}

    def __enter__(self):
        try:
            if self.engine == "webkit":
                self.display()
            self.spawn([word.format(port=self.port) for word in DRIVERS[self.engine]])
            self.wait(lambda: self.call("GET", "/status")["ready"], "the driver is not ready")
            wanted = capabilities(self.engine, os.path.join(self.folder, "profile"))
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

    def errors(self):
        """What went wrong: the page's own list and, of Chromium, the console's errors."""
        found = self.js("return document.getElementById('errors').textContent")
        words = [found] if found else []
        if self.engine == "chromium":
            words += [entry["message"] for entry in self.call("POST", "/se/log", {"type": "browser"})
                      if entry["level"] == "SEVERE"]
        return words

    def picture(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("GET", "/screenshot")))
