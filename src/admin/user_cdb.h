#ifndef ADMIN_USER_CDB_H
#define ADMIN_USER_CDB_H

#include <sys/types.h>

#include <cdb.h>
#include <cdb_make.h>

#include "admin/user_files.h"
#include "lib/new_file.h"
#include "lib/progress.h"

#define USER_CDB "users/users.cdb"
#define USER_PASSWORDS_CDB "users/passwords.cdb"

/* A cdb file in the making. */
struct user_cdb {
	struct cdb_make make;
	struct new_file file;
	struct progress progress;
};

/* Begin and end one; they die with DEFER when that fails. */
void user_cdb_begin(struct user_cdb *cdb, const char *path, mode_t mode);
void user_cdb_finish(struct user_cdb *cdb);

/*
 * Put the lines of one of the texts into it, in this order, for each checks what it holds
 * against those before it.  Wrong lines are named on descriptor 2 and counted in
 * files->wrong; what is only suspicious is named.  They die with DEFER when the file
 * can't be written.
 */
void user_cdb_domains(struct user_cdb *cdb, struct user_files *files);
void user_cdb_mailboxes(struct user_cdb *cdb, struct user_files *files);
void user_cdb_aliases(struct user_cdb *cdb, struct user_files *files);
void user_cdb_passwords(struct user_cdb *cdb, struct user_files *files);

/*
 * Say in users.cdb that every password can be used with SCRAM, when that is so: only then
 * it can be offered to a client who does not try another way.
 */
void user_cdb_scram(struct user_cdb *cdb, struct user_files *files);

#endif
