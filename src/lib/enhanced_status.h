#ifndef LIB_ENHANCED_STATUS_H
#define LIB_ENHANCED_STATUS_H

/* Enhanced status codes: RFC 3463. */

#include <stddef.h>

/*
 * The length of the code of the class ('2', '4' or '5') at the beginning of s[0..len), as
 * 5.7.1, which the end or a blank follows; 0 when there is none.
 */
size_t enhanced_status_scan(const char *s, size_t len, char class);

#endif
