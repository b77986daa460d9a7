#ifndef ADMIN_PASSWORD_FILE_H
#define ADMIN_PASSWORD_FILE_H

/* Who may read the passwords that mx-send says to other servers. */

/*
 * Check owner and mode of control/smtppasswords, for the user of the service send.
 * Returns how much is wrong, after a line about it.
 */
unsigned password_file_check(void);

#endif
