#ifndef LIB_LOGINS_H
#define LIB_LOGINS_H

/* Who is logged in, so that all sessions of somebody can be ended. */

#include <stddef.h>

#define LOGINS_FOLDER "state/auth/logins"
#define LOGINS_FD "LOGINFD" /* in the environment: the mark's descriptor */

/*
 * A mark is an empty file of the address key (a C string), which is taken away to end all
 * sessions that hold it open: it is gone for good for them, whatever gets its name later.
 * The working directory is the home.
 */

/*
 * The descriptor (close-on-exec) of key's mark, which is made, with its folder, when
 * create says so.  -1 with errno, ENOENT when there is none.
 */
int logins_open(const char *key, int create);

/* End the sessions of key.  Returns 0, or -1 with errno. */
int logins_end(const char *key);

/* Has the session been ended whose mark is fd?  Never, when fd is -1. */
int logins_ended(int fd);

/*
 * As logins_ended, for the descriptor that $LOGINFD names; 0 when it names none, or none
 * that is open.
 */
int logins_ended_here(void);

#endif
