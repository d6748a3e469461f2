#!/usr/bin/env python3
"""Many names, deep ones, links in a circle, and four processes that rename the same directories: the kernel
still answers, and every counter of /proc is where it was."""
from lib import comes_back, done

comes_back("tests/guest/names.c", 4, "all have come to an end", 240)
done()
