#ifndef LIB_PASSWD_FILE_H
#define LIB_PASSWD_FILE_H

/* The users of this machine, as passwd(5) has them, without a name service. */

#include <sys/types.h>

#include <stralloc.h>

#define PASSWD_FILE_PATH "/etc/passwd"
#define PASSWD_FILE_LINE_MAX 4096

/*
 * Is the line, a C string without "\n", that of the user uid?  Then name and comment, if
 * it is not null, are set to his login name and full name, C strings.  A login name with
 * a blank, a control character or an @ is none.
 */
int passwd_file_line(const char *line, uid_t uid, stralloc *name, stralloc *comment);

/* Find the user in PASSWD_FILE_PATH.  Returns 1, 0 when he is not there, -1 with errno.
 */
int passwd_file_find(uid_t uid, stralloc *name, stralloc *comment);

#endif
