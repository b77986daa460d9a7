#ifndef POLICY_SENDER_RIGHTS_H
#define POLICY_SENDER_RIGHTS_H

/* Whether a user may send under an address. */

#include <stddef.h>

/*
 * May user, the address of a mailbox as AUTHUSER says it, send as the address s[0..len):
 * is it his mailbox, with an extension or not, an alias that comes to it, over other
 * aliases or not, or his by control/senders?  A user without @ is one of this machine,
 * whose address is his name at our domain.  1, 0, or -1 after having logged why it is
 * not known.
 */
int sender_rights_has(const char *user, const char *s, size_t len);

/*
 * Does line, one of control/senders, USER:ADDRESS, give user (or everybody, *) the right
 * to the key address[0..len): itself, all of its domain (@DOMAIN) or all (*)?  1, 0, or
 * -1 when it is malformed.
 */
int sender_rights_line(
    const char *line, const char *user, const char *address, size_t len);

#endif
