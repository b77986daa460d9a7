#ifndef INSPECT_ADMIN_LOG_H
#define INSPECT_ADMIN_LOG_H

/*
 * What the admin does to the queue by hand is logged to descriptor 2, as everything, and
 * also where s6-log keeps the logs of the services, so that it is found later: the file
 * current in the folder log/admin, each line after a TAI64N label.
 */

/*
 * Root makes the folder, whose owner is then that of the queue; to be called before root
 * becomes him.  Others make it in admin_log_open.  Returns 0, or -1 with errno.
 */
int admin_log_provide(void);

/*
 * From now on all log lines go there too.  The folder is made where it is missing, for
 * the owner of the queue; a file that has grown large is put aside as s6-log does it.
 * Returns 0, or -1 with errno.
 */
int admin_log_open(void);

/*
 * Could a line not be written since?  Returns 0, also when there was only no room for it
 * (admin_log_is_short); -1 with errno if so.
 */
int admin_log_check(void);

/*
 * Put on the disk what has been logged.  Returns 0; -1 with errno, also when a line could
 * not be written: what it tells must not be done then.
 */
int admin_log_sync(void);

/* Is something not in it because there was no room? */
int admin_log_is_short(void);

/* Who the admin is by his own account: a name, or the number of the user. */
const char *admin_log_name(void);

#endif
