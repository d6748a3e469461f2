/* AF_*, SOCK_*, struct sockaddr */
#include <uapi/socket.h>
