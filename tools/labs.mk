# The targets that a student's tree does not have: they make such a tree, or give its solution away.
# Included by the Makefile where it exists.

.PHONY: lab autograder mutants test-labs test-handouts

# A value in quotes, as it was given on the command line, or nothing.
lab-value = $(if $(filter command line,$(origin $(1))),'$(1)=$(subst ','\'',$($(1)))')

lab: ## write a student's tree: LAB=3 DIR=~/lab3 [STEP=2] [STUDENT=id] (labs/README.md)
	$(Q)tools/lab $(foreach name,LAB DIR STEP STUDENT KEY DIRTY,$(call lab-value,$(name)))

autograder: ## write what Gradescope and GitHub Classroom run: LAB=3 [DIR=build/autograder] [KEY=file]
	$(Q)tools/autograder $(foreach name,LAB DIR KEY,$(call lab-value,$(name)))

mutants: setup-test ## break kernel and program on purpose, each step of the proof at least once: it must notice
	$(Q)$(MAKE) --no-print-directory all
	$(Q)tools/mutants $(T)

test-labs: setup-test ## run the tests of all labs, or of those named: T="3 6" (tests/labs/)
	$(Q)$(MAKE) --no-print-directory all
	$(Q)PYTHONDONTWRITEBYTECODE=1 tests/labs/run $(T)

test-handouts: setup-test ## type what the labs' handouts tell a student to type: all of them, or T="3 6"
	$(Q)$(MAKE) --no-print-directory all
	$(Q)PYTHONDONTWRITEBYTECODE=1 prove -j2 --timer --exec tests/labs/handouts \
		$(foreach lab,$(or $(T),*),labs/$(lab)-*/README.md)
