/*
 * What the preprocessor sees, as a string.
 */
#ifndef INCLUDE_LINUX_STRINGIFY_H
#define INCLUDE_LINUX_STRINGIFY_H

#define __stringify_1(x...) #x
#define __stringify(x...) __stringify_1(x)

#endif
