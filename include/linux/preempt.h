/*
 * The kernel is never preempted.
 */
#ifndef INCLUDE_LINUX_PREEMPT_H
#define INCLUDE_LINUX_PREEMPT_H

#define preempt_disable() do { } while (0)
#define preempt_enable() do { } while (0)

#endif
