# An instance is lost when its entry_handler does not want the call.
#
# from: solution
# points: 90
# failing: not_watched nested

sed -i '/rp->entry_handler(ri, regs)) {/,/}/ { /rethook_recycle/d }' kernel/kprobes/rethook.c
