# page.mk - the recorded call as a page. Included by the top Makefile.
#
# PROG=path ARGS="a 'b c'": a static program to record instead of the lesson's. SCENARIO=name or a,b: one of
# those in tools/page/scenarios.py, or two side by side. MAX=20000: instructions of ring 3 that are
# recorded between two system calls. OUT=build/walk.html: the page.

# Builds on all CPUs, unless -j was given.
PAGE_JOBS = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell nproc))

.PHONY: page page-all page-programs test-page page-picture

page: setup-test ## record a run, and make a page of it that plays backwards too: SCENARIO=name PROG=path
	$(Q)$(MAKE) --no-print-directory $(PAGE_JOBS) all page-programs
	$(if $(ARGS),$(if $(PROG),,$(error ARGS=$(ARGS): give PROG, the program that gets them)))
	$(Q)MAX="$(MAX)" tools/mkpage $(if $(SCENARIO),--scenario="$(SCENARIO)") \
		--prefix="$(CROSS_COMPILE)" --build=$(BUILD) --out="$(or $(OUT),$(BUILD)/walk.html)" \
		$(if $(PROG),"$(PROG)") $(if $(PROG),$(ARGS))

page-all: setup-test ## all scenarios as pages, with an index, in build/page/
	$(Q)$(MAKE) --no-print-directory $(PAGE_JOBS) all page-programs
	$(Q)tools/mkpage --all --prefix="$(CROSS_COMPILE)" --build=$(BUILD) --out="$(or $(OUT),$(BUILD)/page)"

# ENGINES="firefox": other browsers than Chromium and WebKit, here firefox-esr. PICTURES=folder: pictures of five views.
test-page: ## test the pages of all scenarios in Chromium and WebKit (installs both)
	$(Q)tools/setup page
	$(Q)$(MAKE) --no-print-directory page-all
	$(Q)PYTHONDONTWRITEBYTECODE=1 prove -j2 --directives --timer --exec tests/page/browser $(or $(ENGINES),chromium webkit)

page-picture: ## make docs/page.png, the picture of the page that README shows
	$(Q)tools/setup page
	$(Q)$(MAKE) --no-print-directory page
	$(Q)PYTHONDONTWRITEBYTECODE=1 tests/page/picture $(BUILD)/walk.html docs/page.png

# The programs of the scenarios: one source, compiled with other arguments.
PAGE_OUT := $(BUILD)/record
PAGE_PROGS := $(addprefix $(PAGE_OUT)/,udp bad-family bad-type emfile again)
page-programs: $(PAGE_PROGS)

$(PAGE_OUT)/udp: PAGE_CALL = -DFAMILY=AF_INET -DTYPE=SOCK_DGRAM -DFILES=64
$(PAGE_OUT)/bad-family: PAGE_CALL = -DFAMILY=46 -DTYPE=SOCK_STREAM -DFILES=64
$(PAGE_OUT)/bad-type: PAGE_CALL = -DFAMILY=AF_INET -DTYPE=11 -DFILES=64
$(PAGE_OUT)/emfile: PAGE_CALL = -DFAMILY=AF_INET -DTYPE=SOCK_STREAM -DFILES=3

$(PAGE_OUT)/%: tools/page/program.c tools/page.mk $(LIBC_OUT)/crt0.o $(LIBC_OUT)/libc.a user/user.ld
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(filter-out -MMD -MP,$(USER_CFLAGS)) $(PAGE_CALL) -c -o $@.o tools/page/program.c
	$(Q)$(CC) $(USER_LDFLAGS) -o $@ $(LIBC_OUT)/crt0.o $@.o $(LIBC_OUT)/libc.a

$(PAGE_OUT)/again: tools/page/again.c $(LIBC_OUT)/crt0.o $(LIBC_OUT)/libc.a user/user.ld
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(filter-out -MMD -MP,$(USER_CFLAGS)) -c -o $@.o tools/page/again.c
	$(Q)$(CC) $(USER_LDFLAGS) -o $@ $(LIBC_OUT)/crt0.o $@.o $(LIBC_OUT)/libc.a
