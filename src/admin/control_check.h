#ifndef ADMIN_CONTROL_CHECK_H
#define ADMIN_CONTROL_CHECK_H

#include <stddef.h>

/*
 * Check the files of control/ that programs read as text, control(5).  Every wrong line
 * is named on descriptor 2; returns how many there were.  Dies with DEFER when a file
 * can't be read.
 */
unsigned control_check(void);

/* Is s[0..len) a line of control/resolvers?  Null, or what is wrong. */
const char *control_check_resolver(const char *s, size_t len);

#endif
