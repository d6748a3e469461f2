/*
 * Several probes at once, all or none. Linux: kernel/kprobes.c
 */
#include "kernel/kprobes/kprobes.h"
#include "kernel/lib/export.h"

int register_kprobes(struct kprobe **ps, int num)
{
	int i, err;

	if (num <= 0)
		return -EINVAL;
	for (i = 0; i < num; i++) {
		err = register_kprobe(ps[i]);
		if (err) {
			unregister_kprobes(ps, i);
			return err;
		}
	}
	return 0;
}

void unregister_kprobes(struct kprobe **ps, int num)
{
	while (num-- > 0)
		unregister_kprobe(ps[num]);
}

int register_kretprobes(struct kretprobe **rps, int num)
{
	int i, err;

	if (num <= 0)
		return -EINVAL;
	for (i = 0; i < num; i++) {
		err = register_kretprobe(rps[i]);
		if (err) {
			unregister_kretprobes(rps, i);
			return err;
		}
	}
	return 0;
}

void unregister_kretprobes(struct kretprobe **rps, int num)
{
	while (num-- > 0)
		unregister_kretprobe(rps[num]);
}

EXPORT_SYMBOL(register_kprobes);
EXPORT_SYMBOL(unregister_kprobes);
EXPORT_SYMBOL(register_kretprobes);
EXPORT_SYMBOL(unregister_kretprobes);
