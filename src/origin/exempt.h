#ifndef ORIGIN_EXEMPT_H
#define ORIGIN_EXEMPT_H

/* Whose messages no policy of DMARC is applied to: control/dmarcexempt. */

/*
 * Is the client's address ip, or sender's domain, in it?  Both are C strings or null.  A
 * domain that begins with a dot stands for all below it.  spf is the result of SPF, or
 * null: a domain that SPF says the message is not from is no reason.  Returns the line,
 * null when there is none; it stays the module's.
 */
const char *exempt_find(const char *ip, const char *sender, const char *spf);

#endif
