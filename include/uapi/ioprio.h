/*
 * ioprio.h - priorities of ioprio_set(2): a class and, within it, a level.
 */
#ifndef UAPI_IOPRIO_H
#define UAPI_IOPRIO_H

#define IOPRIO_CLASS_SHIFT	13
#define IOPRIO_PRIO_CLASS(prio)	(((prio) >> IOPRIO_CLASS_SHIFT) & 7)
#define IOPRIO_PRIO_VALUE(class, data)	(((class) << IOPRIO_CLASS_SHIFT) | (data))

#define IOPRIO_CLASS_NONE	0
#define IOPRIO_CLASS_RT		1
#define IOPRIO_CLASS_BE		2
#define IOPRIO_CLASS_IDLE	3

#define IOPRIO_PRIO_LEVEL(prio)	((prio) & 7)	/* of RT and BE: 0 comes first */
#define IOPRIO_WHO_PROCESS	1
#define IOPRIO_WHO_PGRP		2
#define IOPRIO_WHO_USER		3

#endif
