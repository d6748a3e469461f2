/* __NR_* */
#include <generated/unistd.h>
