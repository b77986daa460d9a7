#ifndef LIB_ROUTES_H
#define LIB_ROUTES_H

/* Where mail goes instead of to its MX: control/smtproutes and control/senderroutes. */

#include <stddef.h>

#include <stralloc.h>

#include "lib/control_again.h"

/*
 * Both are lists of lines PATTERN:HOPS, each ended by \0, as control_list gives them;
 * HOPS is a list of next_hop.h.
 */
struct routes {
	stralloc by_domain; /* of the recipient */
	stralloc by_sender;
	struct control_again domains, senders; /* when they were read */
};

/* A line that counts. */
struct routes_line {
	const char *file; /* its name in control/ */
	const char *line; /* a C string, */
	size_t pattern;   /* whose pattern has that length */
	const char *hops; /* in it; null when the line has none, and is malformed */
};

/*
 * Read both, or, when nothing has changed since the last time, leave them.  Zeroed to
 * begin with.  Returns 0; -1 with errno and *file, the name of the one that
 * failed.
 */
int routes_read(struct routes *routes, const char **file);

/*
 * Find the line for mail from sender, "" for reports, to domain: the one of smtproutes
 * for the domain, or for the closest domain that it is below of; else the one of
 * senderroutes; else the one of smtproutes for all domains.  Returns 1, or 0 when there
 * is none.
 */
int routes_find(const struct routes *routes, const char *sender, const char *domain,
    struct routes_line *found);

/*
 * Find the line of the domain in list[0..len): its own, else the one of the longest
 * ".parent", else the line with an empty domain; the first of equal ones.  Case, a
 * trailing dot, and whether a domain is spelt in UTF-8, say nothing.
 */
int routes_by_domain(
    const char *list, size_t len, const char *domain, struct routes_line *found);

/*
 * Find the line of the sender: his address, else the one of "@domain", else the one of
 * the longest "@.parent", else the one without a pattern.
 */
int routes_by_sender(
    const char *list, size_t len, const char *sender, struct routes_line *found);

/* Is the line well-formed?  For checks beforehand. */
int routes_is_domain_line(const char *line);
int routes_is_sender_line(const char *line);

#endif
