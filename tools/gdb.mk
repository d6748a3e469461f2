# gdb.mk - the targets that put gdb on ringwalk. Included by the top Makefile.
#
# PROG=path: the static program to study, default build/user/socket_test. PORT=1234: the server's.
# GDB=gdb-multiarch: another gdb. GDB_ARGS="-batch -x FILE": more arguments for it.

.PHONY: gdb gdb-server gdb-client rewind
export GDB

gdb gdb-server gdb-client rewind: setup-gdb

.PHONY: setup-gdb
setup-gdb: setup-test
	$(Q)$(MAKE) --no-print-directory all

GDB_RUN = tools/gdb-run $(1) $(if $(PORT),--port=$(PORT)) "$(PROG)" $(if $(GDB_ARGS),-- $(GDB_ARGS))

gdb: ## stand at main() in gdb, and step into ring 0: PROG=path (docs/gdb.md)
	$(Q)$(call GDB_RUN,gdb)

gdb-server: ## the machine alone, for gdb in another terminal or an IDE: PROG=path PORT=1234
	$(Q)$(call GDB_RUN,server)

gdb-client: ## gdb for `make gdb-server`
	$(Q)$(call GDB_RUN,client)

rewind: ## record a run, and go through it in gdb, forwards and backwards: PROG=path
	$(Q)$(call GDB_RUN,rewind)
