/*
 * What files and wait queues have to know of epoll. Linux: include/linux/eventpoll.h, include/linux/wait.h
 */
#ifndef KERNEL_FS_EVENTPOLL_H
#define KERNEL_FS_EVENTPOLL_H

struct file;

/* The last reference on @file is gone: no epoll file watches it any more. Before f_op->release(). */
void eventpoll_release_file(struct file *file);

/*
 * With this event a wait queue tells that it ends before the file does: whoever is on it and stays there while
 * he does something else leaves it.
 */
#define POLLFREE 0x4000u

#endif
