# The flags are stored after an ADD has changed them.
#
# from: solution
# points: 70
# failing: returned value_changed watched_twice nested missed_in_return unregistered_under_way task_gone

sed -i '/^        pushfq/d; s/^        add     qword \[rsp + 8\], 8.*/        add     qword [rsp], 8\n        pushfq/' kernel/kprobes/trampoline.asm
