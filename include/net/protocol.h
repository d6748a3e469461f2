/* struct inet_protosw */
#include "net/ipv4/inet.h"
