/* struct inet_connection_sock */
#include "net/ipv4/tcp.h"
