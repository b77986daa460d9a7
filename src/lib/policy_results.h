#ifndef LIB_POLICY_RESULTS_H
#define LIB_POLICY_RESULTS_H

/* What policies have found out, handed on to sinks in the environment: policy(5). */

#include <stddef.h>
#include <sys/types.h>

#include <stralloc.h>

#define POLICY_RESULTS_MAX 4096 /* bytes of all that go with one message */

/*
 * May a result have this name?  It changes nothing in a program that does not look for
 * it, which PATH, IFS or LD_PRELOAD do.
 */
int policy_results_is_name(const char *s, size_t len);

/*
 * Do results stand at the beginning of s[0..len), "env NAME=VALUE..." with the values in
 * xtext (RFC 3461, 4)?  Returns the bytes that they take, with the blank behind them; 0
 * when there are none; -1 when one is malformed, or has a name that may not be.  They are
 * appended to results, unless that is null: NAME=VALUE and \0 each.
 */
ssize_t policy_results_take(stralloc *results, const char *s, size_t len);

/*
 * Put them into our environment, or take them out of it.  Returns 0, or -1 with errno.
 */
int policy_results_export(const stralloc *results);
int policy_results_withdraw(const stralloc *results);

#endif
