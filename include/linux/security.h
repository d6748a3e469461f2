/* the hooks */
#include "kernel/security/security.h"
