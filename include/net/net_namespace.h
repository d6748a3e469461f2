/* struct net, init_net */
#include "net/net.h"
