/* O_* */
#include <uapi/fcntl.h>
