/* struct inet_sock */
#include "net/ipv4/inet.h"
