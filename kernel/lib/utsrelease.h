/*
 * The release that uname(2) reports: that of the Linux which this kernel resembles.
 * Linux: include/generated/utsrelease.h
 */
#define UTS_RELEASE "6.1.0-ringwalk"
