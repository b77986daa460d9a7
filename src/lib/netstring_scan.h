#ifndef LIB_NETSTRING_SCAN_H
#define LIB_NETSTRING_SCAN_H

/* Netstrings found in memory. */

#include <stddef.h>
#include <sys/types.h>

#define NETSTRING_LENGTH_DIGITS 10

/*
 * Does a whole netstring stand at the beginning of s[0..len)?  Returns the bytes that it
 * takes, with its content at s[*start..*start + *size); 0 when more bytes are
 * needed; -1 when it is malformed or its content longer than max.
 */
ssize_t netstring_scan(
    const char *s, size_t len, size_t max, size_t *start, size_t *size);

/* The length and the colon at the beginning of s: as netstring_scan, without the content.
 */
ssize_t netstring_scan_length(const char *s, size_t len, size_t max, size_t *size);

#endif
