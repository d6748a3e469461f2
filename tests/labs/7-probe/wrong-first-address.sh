# The first instance's address is taken for the caller's, also when it is the trampoline's.
#
# from: solution
# points: 96
# failing: watched_twice

sed -i 's/ && node->ret_addr != (unsigned long)arch_rethook_trampoline)/)/' kernel/kprobes/rethook.c
