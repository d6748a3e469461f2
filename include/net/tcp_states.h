/* TCP_ESTABLISHED ... */
#include "net/core/sock.h"
