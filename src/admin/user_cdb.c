#include <errno.h>
#include <sys/stat.h>

#include <errmsg.h>

#include "admin/user_cdb.h"
#include "admin/user_known.h"
#include "admin/user_line.h"
#include "lib/address.h"
#include "lib/password_hash.h"
#include "lib/text.h"
#include "lib/verdict.h"

void
user_cdb_begin(struct user_cdb *cdb, const char *path, mode_t mode)
{
	cdb->progress = (struct progress){.what = "entries compiled"};
	if (new_file_begin(&cdb->file, path, mode) == -1 ||
	    cdb_make_start(&cdb->make, cdb->file.fd) == -1) {
		carpsys("unable to create ", cdb->file.tmp);
		new_file_abandon(&cdb->file);
		exit(DEFER);
	}
}

static void __attribute__((noreturn)) die_writing(struct user_cdb *cdb)
{
	carpsys("unable to write ", cdb->file.tmp);
	new_file_abandon(&cdb->file);
	exit(DEFER);
}

/*
 * Is all that was put into it in the file?  libowfat's cdb_make takes a short write for
 * a good one.
 */
static int
is_whole(const struct user_cdb *cdb)
{
	struct stat st;

	if (fstat(cdb->file.fd, &st) == -1)
		return 0;
	errno = ENOSPC;
	return st.st_size == (off_t)cdb->make.pos;
}

void
user_cdb_finish(struct user_cdb *cdb)
{
	progress_clear(&cdb->progress);
	if (cdb_make_finish(&cdb->make) != 0 || !is_whole(cdb) ||
	    new_file_finish(&cdb->file) == -1)
		die_writing(cdb);
}

/* Add the record of kind (no letter: none) and key. */
static void
add(struct user_cdb *cdb, char kind, const char *key, size_t key_len, const char *data,
    size_t len)
{
	static stralloc full;

	progress_step(&cdb->progress);
	full.len = 0;
	if (kind)
		text_catb(&full, &kind, 1);
	text_catb(&full, key, key_len);
	if (cdb_make_add(&cdb->make, (const unsigned char *)full.s, full.len,
		(const unsigned char *)data, len) != 0)
		die_writing(cdb);
}

void
user_cdb_domains(struct user_cdb *cdb, struct user_files *files)
{
	struct text_line line = {0};
	static stralloc key;

	user_known_lacks_domains(files);
	while (text_file_next(&files->domains, &line)) {
		if (!address_is_host(line.s, line.len)) {
			user_known_complain(
			    files, &files->domains, &line, "not a domain");
			continue;
		}
		address_domain_key(&key, line.s, line.len);
		/* A domain named twice says nothing false. */
		if (address_set_find(&files->local, key.s, key.len)->number ==
		    line.number)
			add(cdb, 'd', key.s, key.len, "", 0);
	}
}

void
user_cdb_mailboxes(struct user_cdb *cdb, struct user_files *files)
{
	static struct user_line user;
	static stralloc data;
	struct text_line line = {0};
	char digits[DECIMAL_MAX];
	const char *wrong;

	while (text_file_next(&files->mailboxes, &line)) {
		wrong = user_line_mailbox(&user, line.s, line.len);
		if (wrong != NULL) {
			user_known_complain(files, &files->mailboxes, &line, wrong);
			continue;
		}
		data.len = 0;
		text_cat(&data, text_decimal(digits, user.uid), ":", (char *)NULL);
		text_cat(&data, text_decimal(digits, user.gid), ":", (char *)NULL);
		if (user.has_quota)
			text_cat(&data, text_decimal(digits, user.quota), (char *)NULL);
		if (user_known_enter(files, &files->mailboxes, &line, &user.key))
			add(cdb, 'm', user.key.s, user.key.len, data.s, data.len);
	}
}

void
user_cdb_aliases(struct user_cdb *cdb, struct user_files *files)
{
	static struct user_line user;
	struct text_line line = {0};
	const char *wrong;

	while (text_file_next(&files->aliases, &line)) {
		wrong = user_line_alias(&user, line.s, line.len);
		if (wrong != NULL)
			user_known_complain(files, &files->aliases, &line, wrong);
		else if (!user_known_enter_alias(files, &line, &user))
			;
		else if (user.key.s[0] == '@')
			add(cdb, 'c', user.key.s + 1, user.key.len - 1, user.targets.s,
			    user.targets.len);
		else
			add(cdb, 'a', user.key.s, user.key.len, user.targets.s,
			    user.targets.len);
	}
}

/*
 * The hash under the address, the keys under a null byte and the address, but none of a
 * closed account.
 */
static void
add_password(struct user_cdb *cdb, struct user_files *files, const struct user_line *user,
    unsigned long number)
{
	static stralloc key;
	enum password_hash_kind kind;
	size_t text;

	kind = password_hash_kind(user->hash.s, user->hash.len, &text);
	add(cdb, 0, user->key.s, user->key.len, user->hash.s, user->hash.len);
	if (kind == PASSWORD_HASH_UNUSABLE && files->warn)
		text_file_complain(files->passwords.name, number,
		    "warning: a hash that can't be verified here: nobody can log in with "
		    "it",
		    NULL);
	if (!password_hash_is_usable(kind))
		return;
	if (user->keys.len > 0) {
		key.len = 0;
		text_catb(&key, "", 1);
		text_catb(&key, user->key.s, user->key.len);
		add(cdb, 0, key.s, key.len, user->keys.s, user->keys.len);
	} else if (!files->keyless++) {
		files->keyless_line = number;
	}
}

void
user_cdb_scram(struct user_cdb *cdb, struct user_files *files)
{
	char digits[DECIMAL_MAX];

	if (files->keyless == 0) {
		add(cdb, 's', "", 0, "", 0);
	} else if (files->warn) {
		text_file_complain(files->passwords.name, files->keyless_line,
		    "note: no keys for SCRAM, so nobody is offered it; set this password "
		    "anew "
		    "by mail-user passwd; such lines: ",
		    text_decimal(digits, files->keyless));
	}
}

void
user_cdb_passwords(struct user_cdb *cdb, struct user_files *files)
{
	static struct user_line user;
	struct text_line line = {0};
	struct address_set met = {0};
	const struct address_place *place;
	const char *wrong;

	while (text_file_next(&files->passwords, &line)) {
		wrong = user_line_password(&user, line.s, line.len);
		if (wrong != NULL) {
			user_known_complain(files, &files->passwords, &line, wrong);
			continue;
		}
		place = address_set_enter(
		    &met, user.key.s, user.key.len, files->passwords.name, line.number);
		if (place != NULL) {
			user_known_complain_twice(files, &files->passwords, &line, place);
			continue;
		}
		/* Left by a mailbox that was removed: nobody may log in with it. */
		place = address_set_find(&files->known, user.key.s, user.key.len);
		if (place != NULL && place->file == files->mailboxes.name)
			add_password(cdb, files, &user, line.number);
		else if (files->warn)
			text_file_complain(files->passwords.name, line.number,
			    "warning: no mailbox of this address, left out", NULL);
	}
	address_set_free(&met);
}
