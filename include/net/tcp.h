/* TCP's functions */
#include "net/ipv4/tcp.h"
