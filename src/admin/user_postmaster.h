#ifndef ADMIN_USER_POSTMASTER_H
#define ADMIN_USER_POSTMASTER_H

#include "admin/user_files.h"

/*
 * Warn of each domain of files, which must have been compiled, that takes no mail for
 * postmaster: RFC 5321, 4.5.1.
 */
void user_postmaster_check(struct user_files *files);

#endif
