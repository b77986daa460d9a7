#ifndef SMTP_AUTH_SOCKET_H
#define SMTP_AUTH_SOCKET_H

#include <stddef.h>

#include <stralloc.h>

#define AUTH_SOCK "run/auth.sock"
#define AUTH_SECONDS 60 /* for an answer, which may be delayed on purpose */

/* A connection to run/auth.sock: auth(5).  fd and mark are -1 to begin with. */
struct auth_socket {
	int fd;
	int mark;        /* of the login (lib/logins), when it came with a K; or -1 */
	stralloc answer; /* what follows the letter of the last answer, a C string */
};

/*
 * Ask request[0..len), connecting first where that is still to be done.  Returns the
 * letter of the answer: K, C, D, or Z, also when there is none, which is then said on
 * descriptor 2.
 */
char auth_socket_ask(struct auth_socket *auth, const char *request, size_t len);

/* Hang up. */
void auth_socket_close(struct auth_socket *auth);

#endif
