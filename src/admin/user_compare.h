#ifndef ADMIN_USER_COMPARE_H
#define ADMIN_USER_COMPARE_H

/* Whether what the services read of the users is what the text files say. */

#include "admin/user_files.h"

/*
 * Compare the files just compiled with those that are there, and name on descriptor 2
 * those that are missing, damaged or others.  Dies with DEFER when one can't be read.
 */
void user_compare(const struct user_files *files);

#endif
