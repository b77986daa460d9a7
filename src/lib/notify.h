#ifndef LIB_NOTIFY_H
#define LIB_NOTIFY_H

#include <stddef.h>

/*
 * Does the sender want to hear of what, FAILURE, DELAY or SUCCESS?  notify is the value
 * of NOTIFY (RFC 3461, 4.1); null, when none was given, asks for the first two.
 */
int notify_wants(const char *notify, const char *what);

/*
 * The beginning of an answer's text, job(5), by which a delivery program leaves the
 * report of a success to its client.
 */
#define NOTIFY_DELIVERED "delivered: " /* into a mailbox of ours */
#define NOTIFY_RELAYED "relayed: "     /* to a server that won't report it */
#define NOTIFY_EXPANDED "expanded: "   /* to the several addresses of an alias */

/* The first letter of that word when s[0..len) begins with one of these, else '\0'. */
char notify_success(const char *s, size_t len);

/* The word itself, for that letter; null for others. */
const char *notify_success_word(char letter);

#endif
