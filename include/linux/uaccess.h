/* copy_from_user() ... */
#include "kernel/mm/uaccess.h"
