/* struct socket, proto_ops, net_proto_family */
#include "net/net.h"
