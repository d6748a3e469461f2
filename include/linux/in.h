/* struct sockaddr_in, IPPROTO_* */
#include <uapi/socket.h>
