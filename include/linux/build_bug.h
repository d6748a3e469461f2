/*
 * Checks at compile time.
 */
#ifndef INCLUDE_LINUX_BUILD_BUG_H
#define INCLUDE_LINUX_BUILD_BUG_H

#define BUILD_BUG_ON(condition) _Static_assert(!(condition), #condition)
#ifndef static_assert
#define static_assert(condition, ...) _Static_assert(condition, "" #condition)
#endif

#endif
