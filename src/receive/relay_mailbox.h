#ifndef RECEIVE_RELAY_MAILBOX_H
#define RECEIVE_RELAY_MAILBOX_H

#include <stddef.h>

#include <stralloc.h>

#define RELAY_MAILBOX_SECONDS 10 /* for one question */

/* The connection to run/check.sock, made when first needed; fd is -1 to begin with. */
struct relay_mailbox {
	int fd;
};

/*
 * Has the local address s[0..len) a mailbox or an alias, with room for size bytes (0:
 * unknown)?  Appends the answer of check.sock, which is one of policy(5).
 * Returns 0, or -1 with errno (EPROTO for a senseless answer).
 */
int relay_mailbox_ask(struct relay_mailbox *mailbox, const char *s, size_t len,
    unsigned long long size, stralloc *answer);

#endif
