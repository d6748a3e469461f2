#!/usr/bin/env python3
"""Programs that take all that a file system gives: each ends with an errno, and every counter of /proc is where it was."""
from lib import comes_back, done

comes_back("tests/guest/full.c", 6, "all of it was full", 120)
done()
