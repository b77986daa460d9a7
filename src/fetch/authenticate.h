#ifndef FETCH_AUTHENTICATE_H
#define FETCH_AUTHENTICATE_H

/* POP3's way to the passwords: run/pop3.sock asked, the connection handed over. */

/*
 * Ask run/pop3.sock whether the password opens the user's mailbox, and hand it the
 * client's connection fd.  Returns ACCEPT: the connection is somebody else's from now on;
 * REJECT; DEFER, with what went wrong, for the log, in *reason.
 */
int authenticate(const char *user, const char *password, int fd, const char **reason);

#endif
