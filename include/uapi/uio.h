/*
 * uio.h - struct iovec, the pieces of one writev(2).
 */
#ifndef UAPI_UIO_H
#define UAPI_UIO_H

#define UIO_MAXIOV	1024

struct iovec {
	void *iov_base;
	unsigned long iov_len;	/* bytes */
};

#endif
