# The site is looked for behind the INT3, where regs->ip is.
#
# from: solution
# points: 25
# failing: hit unchanged order taken_over missed nobodys everywhere watched not_watched returned value_changed watched_twice nested missed_in_return unregistered_under_way task_gone

sed -i 's/regs->ip - 1);/regs->ip);/' kernel/kprobes/kprobe.c
