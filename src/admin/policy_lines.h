#ifndef ADMIN_POLICY_LINES_H
#define ADMIN_POLICY_LINES_H

#include <stddef.h>

/*
 * Check a line s[0..len) of a control file that policies read: ratelimits, dnsbl and
 * smtpplugins.  Each returns null, or what is wrong with the line.
 */
const char *policy_lines_rate(const char *s, size_t len);
const char *policy_lines_dnsbl(const char *s, size_t len);
const char *policy_lines_plugin(const char *s, size_t len);

#endif
