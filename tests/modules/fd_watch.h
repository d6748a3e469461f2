/* SPDX-License-Identifier: MIT */
#ifndef FD_WATCH_H
#define FD_WATCH_H

struct file;

void fd_table_note(unsigned int fd, struct file *file);
unsigned int fd_table_print(void);
void fd_table_free(void);

#endif
