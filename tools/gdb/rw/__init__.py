"""ringwalk's gdb commands. Loaded by ../ringwalk.py inside gdb's own Python."""
