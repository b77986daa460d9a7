#ifndef FETCH_CLEAR_PASSWORD_H
#define FETCH_CLEAR_PASSWORD_H

/* Whose passwords are taken without TLS. */

/*
 * May the client ip (a C string, or null) say its password in the clear: is it this
 * machine, or in control/clearclients?  A list that can't be read, which is logged,
 * lets nobody.  The working directory is the home.
 */
int clear_password_may(const char *ip);

#endif
