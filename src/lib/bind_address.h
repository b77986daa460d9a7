#ifndef LIB_BIND_ADDRESS_H
#define LIB_BIND_ADDRESS_H

/* From which address of ours mail is sent: control/bindaddresses. */

#include <stddef.h>

/* A line, PATTERN ADDRESS or PATTERN ADDRESS ADDRESS. */
struct bind_address {
	const char *line;
	size_t pattern; /* length */
	int has_ip4, has_ip6;
	unsigned char ip4[16]; /* as ::ffff:a.b.c.d */
	unsigned char ip6[16];
};

/*
 * Parse a line; of two addresses one is an IPv4 and one an IPv6 address.  Returns 1, or 0
 * when it is malformed.
 */
int bind_address_parse(struct bind_address *b, const char *line);

/*
 * Find the line for mail from sender to domain in list[0..len), lines as control_list
 * gives them: the one of the sender (pattern_line_sender), else the one of the domain or
 * what it is below of (pattern_line_closest), else that of "*".  Returns 1; 0 when there
 * is none; -1 when the one that counts is malformed, with b->line set.
 */
int bind_address_find(struct bind_address *b, const char *list, size_t len,
    const char *sender, const char *domain);

#endif
