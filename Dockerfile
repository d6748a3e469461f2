# A machine on which everything here runs: Debian with the packages that tools/setup asks for.
#
#   docker build -t ringwalk .
#   docker run --rm -it -v "$PWD":/ringwalk ringwalk
#
# The second command gives a shell in this tree; type `make grade` there. .devcontainer/ uses the same file.
FROM debian:bookworm
COPY tools/setup /usr/local/lib/ringwalk/tools/setup
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates git make \
	&& /usr/local/lib/ringwalk/tools/setup test \
	&& rm -rf /var/lib/apt/lists/* \
	&& git config --system --add safe.directory '*'
WORKDIR /ringwalk
CMD ["bash"]
