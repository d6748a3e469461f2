/*
 * timerfd.h - timers as files.
 */
#ifndef UAPI_TIMERFD_H
#define UAPI_TIMERFD_H

#include <uapi/fcntl.h>

#define TFD_CLOEXEC	O_CLOEXEC
#define TFD_NONBLOCK	O_NONBLOCK

#define TFD_TIMER_ABSTIME	1	/* the time is a point on the clock */
#define TFD_TIMER_CANCEL_ON_SET	2	/* reading fails once when the date was set */

#define TFD_IOC_SET_TICKS	0x40085400	/* of ioctl(2): how often it has expired, a __u64 */

#endif
