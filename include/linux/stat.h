/* S_*, struct stat */
#include <uapi/stat.h>
