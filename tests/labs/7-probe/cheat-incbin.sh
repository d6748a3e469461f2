# The machine code of a solution is taken from a file outside the tree.
#
# from: starter
# points: 0
# failing: all

sed -i 's|^        ud2 .*|        incbin  "/etc/hostname"|' kernel/kprobes/trampoline.asm
grep -q incbin kernel/kprobes/trampoline.asm
