#ifndef LIB_SMTPROUTES_H
#define LIB_SMTPROUTES_H

#include <stddef.h>

#define ROUTE_HOST_MAX 255

/* Where mail for a domain goes instead of to its MX. */
struct smtproute {
	char host[ROUTE_HOST_MAX + 1]; /* brackets removed; empty: to the MX after all */
	unsigned port;                 /* 0: the usual one */
};

/*
 * Parse HOST, HOST:PORT or nothing.  HOST is a name, an IPv4 address, or an address in
 * brackets.  Returns 1, or 0 when it is malformed.
 */
int smtproutes_target(struct smtproute *route, const char *s, size_t len);

/* Is line, DOMAIN:TARGET, one that smtproutes_find understands?  For checks beforehand.
 */
int smtproutes_line(const char *line);

/*
 * Find the route of a domain in the lines of control/smtproutes (each ended by
 * \0, as control_list gives them): its own line, else the one of the longest
 * ".parent", else the line with an empty domain; the first of equal ones.  Case
 * and a trailing dot say nothing.  Returns 1; 0 when there is none; -1 when the line that
 * counts is malformed.
 */
int smtproutes_find(
    struct smtproute *route, const char *list, size_t len, const char *domain);

#endif
