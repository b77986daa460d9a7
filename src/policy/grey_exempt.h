#ifndef POLICY_GREY_EXEMPT_H
#define POLICY_GREY_EXEMPT_H

/* The mail that need not wait: control/greyexempt. */

#define GREY_EXEMPT_POOL 2

/*
 * Does a line of control/greyexempt hold for the sender, the recipient (C strings, in
 * lower case) or the name of the client (null: it has none)?  1; GREY_EXEMPT_POOL when it
 * has to wait, but may come again from any address; 0, or -1 with errno when the list
 * can't be read.  A line that can't be understood holds for nothing.
 */
int grey_exempt_has(const char *sender, const char *recipient, const char *name);

#endif
