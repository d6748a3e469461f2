/*
 * Which Linux this kernel is like: what uname(2) says. Linux: include/generated/utsrelease.h
 */
#define UTS_RELEASE "6.1.0-ringwalk"
