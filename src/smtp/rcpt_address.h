#ifndef SMTP_RCPT_ADDRESS_H
#define SMTP_RCPT_ADDRESS_H

/* The recipient that a path stands for. */

#include <stralloc.h>

#include "lib/smtp_path.h"

/*
 * Set address to the recipient that path stands for, a C string: the path's own, but
 * <postmaster>, whom every server has (RFC 5321, 4.5.1), and who is at an address of
 * ours, are at control/defaultdomain; me is its default.  Ours is what the client has
 * connected to, for postmaster, and what control/localips names, for everybody.  Returns
 * null, or the reply that refuses the path.
 */
const char *rcpt_address_choose(
    stralloc *address, const struct smtp_path *path, const char *me);

#endif
