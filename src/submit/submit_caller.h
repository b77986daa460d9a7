#ifndef SUBMIT_SUBMIT_CALLER_H
#define SUBMIT_SUBMIT_CALLER_H

/* Who is calling: the sender of the message, if it does not say. */

#include <stralloc.h>

struct submit_caller {
	stralloc domain;  /* of addresses that have none: control/defaultdomain, or me */
	stralloc me;      /* control/me */
	stralloc address; /* LOGIN@DOMAIN */
	stralloc comment; /* his full name, and more, in passwd(5); may be empty */
	stralloc from;    /* a From field of it, "\n" included */
};

/*
 * Find out who we are, but for from.  The working directory is the home.  Returns null,
 * or what is wrong, with errno.
 */
const char *submit_caller_read(struct submit_caller *caller);

/*
 * Make the From field, of address, or of the caller if that is empty.  name is his full
 * one, or null: then it is $NAME, or what passwd(5) says of the caller.
 */
void submit_caller_put_from(
    struct submit_caller *caller, const char *address, const char *name);

#endif
