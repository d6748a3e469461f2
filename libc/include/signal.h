/* signal.h - signal numbers */
#ifndef _SIGNAL_H
#define _SIGNAL_H

#include <uapi/signal.h>

#endif
