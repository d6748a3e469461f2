"""Put the page together: one HTML file with the modules, the style and the recordings inside."""
import base64
import json
import os
import re
import zlib

WEB = os.path.join(os.path.dirname(os.path.realpath(__file__)), "web")
LIMIT_ONE, LIMIT_TWO = 3 << 20, 5 << 20         # bytes of a page with one recording, and with two


def text_of(name):
    with open(os.path.join(WEB, name), encoding="utf-8") as file:
        return file.read()


def packed(data):
    """JSON, deflated (RFC 1950), in base64. web/load.js unpacks it."""
    text = json.dumps(data, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def import_map():
    """Each module as a data: URL, under the name that the others import it by.

    From file:// a browser lets a page import no file beside it; a data: URL is no such file.
    """
    urls = {}
    for name in sorted(os.listdir(WEB)):
        if name.endswith(".js"):
            code = base64.b64encode(text_of(name).encode()).decode()
            urls["#" + name[:-3]] = "data:text/javascript;base64," + code
    return json.dumps({"imports": urls}, indent=0)


def page(title, shared, recordings, others=()):
    """The HTML. @recordings: [(name, data)]; @others: names of recordings in files beside it."""
    blocks = [f'<script type="text/plain" id="shared">{packed(shared)}</script>']
    blocks += [f'<script type="text/plain" class="recording" data-name="{name}">{packed(data)}</script>'
               for name, data in recordings]
    parts = {"TITLE": title, "STYLE": text_of("style.css"), "MODULES": import_map(),
             "DATA": "\n".join(blocks), "OTHERS": json.dumps(list(others))}
    return re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], text_of("page.html"))


def beside(name, data):
    """The same recording as a classic script, which a page from file:// can load."""
    return f"ringwalkRecording({json.dumps(name)}, {json.dumps(packed(data))});\n"


def index(entries):
    """The page that lists the scenarios. @entries: [(name, title, steps)]"""
    rows = "\n".join(f'<li><a href="{name}.html">{name}</a><p>{title}</p>'
                     f'<p class="count">{steps:,} instructions</p></li>' for name, title, steps in entries)
    return re.sub(r"\{\{(\w+)\}\}", lambda match: {"ROWS": rows, "STYLE": text_of("style.css")}[match[1]],
                  text_of("index.html"))
