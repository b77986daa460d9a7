#ifndef ORIGIN_EXEMPT_H
#define ORIGIN_EXEMPT_H

/* Whose messages no policy of DMARC is applied to: control/dmarcexempt. */

/*
 * Is the client's address ip, or sender's domain, in it?  Both are C strings or null.  A
 * domain that begins with a dot stands for all below it.  spf is the result of SPF, or
 * null: only a domain that it has shown the message to come from is a reason, or one of
 * which the DNS did not tell.  Returns the line, null when there is none; it stays the
 * module's.
 */
const char *exempt_find(const char *ip, const char *sender, const char *spf);

#endif
