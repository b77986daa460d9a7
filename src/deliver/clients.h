#ifndef DELIVER_CLIENTS_H
#define DELIVER_CLIENTS_H

#include <stddef.h>

#include <stralloc.h>

/*
 * The answer to a question, a C string; or null, which ends the connection.  The question
 * may be changed.
 */
typedef const char *(*clients_answer)(stralloc *question);

/*
 * Answer the clients of a listening unix socket, all of them in this one process: each
 * sends netstrings of at most longest bytes and gets one netstring for each.  At most
 * most are connected at a time, the others wait.  A client that does not take its answers
 * is left.  Returns only on failure, -1 with errno.
 */
int clients_serve(int listening, size_t most, size_t longest, clients_answer answer);

#endif
