#!/bin/busybox sh
# run.sh LIST - run what LIST says, and print what it prints and how it ends: LIST is a file of lines
# "APPLET: command", or a folder of scripts.
#
# It runs in busybox's shell, on Linux and on ringwalk, where nothing but busybox is. Each command and
# script has an empty directory of its own and nothing on stdin.

# run TITLE WORDS... - run the command WORDS
run() {
	mkdir /tmp/dir
	cd /tmp/dir
	echo "== $1"
	shift
	timeout 30 "$@" </dev/null 2>&1 3<&-
	echo "-- $?"
	cd /tmp
	rm -rf /tmp/dir
}

/bin/busybox --install -s /bin
mkdir -p /tmp
if [ -d "$1" ]; then
	for script in "$1"/*.sh; do
		run "${script##*/}" sh "$script"
	done
else
	while IFS= read -r line <&3; do
		case $line in [!#]*) run "$line" sh -c "${line#*: }" ;; esac
	done 3<"$1"
fi
