#ifndef DKIM_SIGNING_SERVICE_H
#define DKIM_SIGNING_SERVICE_H

/* The service that has the keys asked: dkim(5), the client's side. */

#include <stralloc.h>

#define SIGNING_SERVICE_SOCKET "run/dkim.sock"

/*
 * Ask it the question, a netstring.  Returns 0 with the fields that are to stand above
 * the message in fields, none when the domain has no key; or -1 after having logged why
 * there is no answer.  The working directory is the home.
 */
int signing_service_ask(const stralloc *question, stralloc *fields);

#endif
