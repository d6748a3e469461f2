/*
 * Time. The TSC tells how much time has passed; its frequency is measured once, with the 8254
 * timer. The 8254 also makes the timer interrupts. The date comes from the CMOS clock.
 * Linux: arch/x86/kernel/tsc.c, drivers/clocksource/i8253.c, drivers/rtc
 *
 * The 8254 counts 1,193,182 times a second, so it makes an interrupt at most a microsecond late. It
 * counts down from 65,535 at most, which is 55 ms. For a longer time it interrupts early, and the
 * handler programs it again.
 */
#include "kernel/cpu/cpu.h"

#define PIT_HZ 1193182u
#define PIT_CHANNEL0 0x40
#define PIT_CHANNEL2 0x42
#define PIT_COMMAND 0x43
#define PIT_GATE2 0x61 /* bit 0: gate of channel 2, bit 1: speaker, bit 5: its output */
#define CALIBRATION_TICKS 1193u /* of the PIT: 1 ms */
#define CMOS_INDEX 0x70
#define CMOS_DATA 0x71
#define CMOS_STATUS_A 0x0a
#define CMOS_STATUS_B 0x0b

volatile u64 jiffies;
u64 boot_tsc;

static u64 tsc_hz;
static u64 time_base_tsc; /* TSC at time_init() */

ktime_t real_offset;

/* TSC cycles while channel 2 counts down once. */
static u64 measure_once(void)
{
	u64 start;

	outb((inb(PIT_GATE2) & ~2) | 1, PIT_GATE2);
	outb(0xb0, PIT_COMMAND); /* channel 2, both bytes, mode 0: output rises at zero */
	outb(CALIBRATION_TICKS & 0xff, PIT_CHANNEL2);
	outb(CALIBRATION_TICKS >> 8, PIT_CHANNEL2);
	start = rdtsc();
	while (!(inb(PIT_GATE2) & 0x20))
		;
	return rdtsc() - start;
}

/* The shortest of three measurements: something disturbed a longer one. */
static u64 measure_tsc_hz(void)
{
	u64 best = measure_once();

	best = min(best, measure_once());
	best = min(best, measure_once());
	return best * PIT_HZ / CALIBRATION_TICKS;
}

static u8 cmos_read(u8 reg)
{
	outb(reg, CMOS_INDEX);
	return inb(CMOS_DATA);
}

static unsigned int cmos_number(u8 reg)
{
	unsigned int n = cmos_read(reg);

	return cmos_read(CMOS_STATUS_B) & 4 ? n : (n >> 4) * 10 + (n & 15); /* binary or BCD */
}

/* Days from 1970-01-01 to the given day of the Gregorian calendar. Linux: mktime64() */
static u64 days_since_1970(unsigned int year, unsigned int month, unsigned int day)
{
	if (month <= 2) { /* count years from March: the leap day comes last */
		month += 12;
		year--;
	}
	return 365ull * year + year / 4 - year / 100 + year / 400 + (153 * month - 457) / 5 + day -
	       719469;
}

static u64 read_cmos_clock(void)
{
	u64 days;

	while (cmos_read(CMOS_STATUS_A) & 0x80)
		; /* an update is in progress: less than 2 ms */
	days = days_since_1970(2000 + cmos_number(9), cmos_number(8), cmos_number(7));
	return ((days * 24 + cmos_number(4)) * 60 + cmos_number(2)) * 60 + cmos_number(0);
}

void time_init(void)
{
	tsc_hz = measure_tsc_hz();
	time_base_tsc = rdtsc();
	real_offset = read_cmos_clock() * NSEC_PER_SEC;
	outb(0x30, PIT_COMMAND); /* channel 0, both bytes, mode 0: output rises at zero */
}

/* Rounded up, so that the interrupt does not come too early. A new count starts the countdown anew. */
void timer_set_next_event(u64 ns)
{
	u64 count = min(ns, NSEC_PER_SEC) * PIT_HZ / NSEC_PER_SEC + 1;

	count = min(count, 0xffffull);
	outb(count & 0xff, PIT_CHANNEL0);
	outb(count >> 8, PIT_CHANNEL0);
}

u64 tsc_to_ns(u64 cycles)
{
	return cycles / tsc_hz * NSEC_PER_SEC + cycles % tsc_hz * NSEC_PER_SEC / tsc_hz;
}

u64 ktime_get_ns(void)
{
	return tsc_to_ns(rdtsc() - time_base_tsc);
}

u64 local_clock(void)
{
	return tsc_hz ? ktime_get_ns() : 0;
}

u64 ktime_get_real_ns(void)
{
	return real_offset + ktime_get_ns();
}

bool __ratelimit(struct ratelimit_state *rs)
{
	if (jiffies < rs->next)
		return false;
	rs->next = jiffies + HZ;
	return true;
}
