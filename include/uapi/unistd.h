/*
 * unistd.h - small constants of lseek(2), access(2) and the three standard descriptors.
 *
 * System call numbers are not here: they are made from kernel/syscall_64.tbl.
 */
#ifndef UAPI_UNISTD_H
#define UAPI_UNISTD_H

#define SEEK_SET	0
#define SEEK_CUR	1
#define SEEK_END	2
#define SEEK_DATA	3
#define SEEK_HOLE	4

#define F_OK	0
#define X_OK	1
#define W_OK	2
#define R_OK	4

#define STDIN_FILENO	0
#define STDOUT_FILENO	1
#define STDERR_FILENO	2

#endif
