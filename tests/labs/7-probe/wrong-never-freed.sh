# The instances of an unregistered probe are put into its pool, and never freed.
#
# from: solution
# points: 93
# failing: unregistered_under_way task_gone

sed -i 's/^\tif (rh->rp) {/\tif (rh->rp || rh->nodes) {/' kernel/kprobes/rethook.c
