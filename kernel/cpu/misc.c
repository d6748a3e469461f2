/*
 * Random bytes, the initial state of the FPU, and stopping the machine.
 */
#include "kernel/cpu/cpu.h"

#define DEBUG_EXIT_PORT 0xf4 /* QEMU's isa-debug-exit */

static bool rdrand(u64 *value)
{
	bool ok;
	int tries;

	for (tries = 0; tries < 10; tries++) {
		__asm__ volatile("rdrand %0" : "=r"(*value), "=@ccc"(ok));
		if (ok)
			return true;
	}
	return false;
}

/*
 * For a CPU without RDRAND: a mixed time stamp counter. It can be guessed, which the log says once.
 */
static u64 mixed_tsc(void)
{
	static u64 state;
	u64 z;

	if (!state)
		pr_warn("random: no RDRAND, numbers come from the time stamp counter\n");
	state += 0x9e3779b97f4a7c15 + rdtsc(); /* splitmix64 */
	z = (state ^ state >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

void get_random_bytes(void *buf, size_t len)
{
	u8 *p = buf;
	u64 value;
	size_t n;

	for (; len; p += n, len -= n) {
		n = min(len, sizeof(value));
		if (!cpu_features.rdrand || !rdrand(&value))
			value = mixed_tsc();
		memcpy(p, &value, n);
	}
}

void fpu_init_state(struct fpu *fpu)
{
	memset(fpu, 0, sizeof(*fpu));
	fpu->fxsave[0] = 0x7f; /* FCW 0x037f: all exceptions masked, extended precision */
	fpu->fxsave[1] = 0x03;
	fpu->fxsave[24] = 0x80; /* MXCSR 0x1f80: all exceptions masked */
	fpu->fxsave[25] = 0x1f;
}

unsigned int fpu_exceptions(const struct fpu *fpu, bool sse)
{
	u16 control, status;
	u32 mxcsr;

	memcpy(&control, fpu->fxsave, sizeof(control));
	memcpy(&status, fpu->fxsave + 2, sizeof(status));
	memcpy(&mxcsr, fpu->fxsave + 24, sizeof(mxcsr));
	return (sse ? mxcsr & ~(mxcsr >> 7) : status & ~control) & 0x3f;
}

void machine_halt(u8 code)
{
	local_irq_disable();
	outb(code, DEBUG_EXIT_PORT);
	for (;;)
		__asm__ volatile("cli; hlt");
}
