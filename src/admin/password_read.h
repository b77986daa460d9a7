#ifndef ADMIN_PASSWORD_READ_H
#define ADMIN_PASSWORD_READ_H

/* A new password, from standard input or the terminal. */

#define PASSWORD_MAX 255 /* what fits in a line of POP3: RFC 2449, 4 */

/*
 * Read the password, one line on descriptor 0 (asked for, and not shown, when that is a
 * terminal), to password as a C string.  Dies with REJECT when it is empty, too long or
 * has a control character in it, with DEFER when it can't be read.
 */
void password_read(char password[PASSWORD_MAX + 1]);

#endif
