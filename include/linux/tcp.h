/* struct tcp_sock */
#include "net/ipv4/tcp.h"
