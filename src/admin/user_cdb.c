#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <errmsg.h>

#include "admin/user_cdb.h"
#include "admin/user_line.h"
#include "lib/address.h"
#include "lib/text.h"
#include "lib/verdict.h"

#define WRONG_MAX 20 /* lines that are named; the rest is counted */

void
user_cdb_begin(struct user_cdb *cdb, const char *path, mode_t mode)
{
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

	full.len = 0;
	if (kind)
		text_catb(&full, &kind, 1);
	text_catb(&full, key, key_len);
	if (cdb_make_add(&cdb->make, (const unsigned char *)full.s, full.len,
		(const unsigned char *)data, len) != 0)
		die_writing(cdb);
}

static void
complain(struct user_files *files, const struct text_file *file,
    const struct text_line *line, const char *wrong)
{
	if (files->wrong++ < WRONG_MAX)
		text_file_complain(file->name, line->number, wrong, NULL);
	else if (files->wrong == WRONG_MAX + 1)
		carp("there are more wrong lines");
}

static void
complain_twice(struct user_files *files, const struct text_file *file,
    const struct text_line *line, const struct address_place *first)
{
	static stralloc text;
	char digits[DECIMAL_MAX];

	text.len = 0;
	text_cat(&text, "the address stands already in ", first->file, ":",
	    text_decimal(digits, first->number), (char *)NULL);
	text_terminate(&text);
	complain(files, file, line, text.s);
}

/* Say that the domain of key is none of ours, once for each domain. */
static void
warn_domain(struct user_files *files, const struct text_file *file,
    const struct text_line *line, const char *key, size_t len)
{
	static struct address_set warned;
	static stralloc domain;
	size_t at = address_domain(key, len);

	if (!files->warn || address_set_find(&files->local, key + at, len - at) ||
	    address_set_enter(&warned, key + at, len - at, file->name, line->number))
		return;
	domain.len = 0;
	text_catb(&domain, key + at, len - at);
	text_terminate(&domain);
	text_file_complain(file->name, line->number,
	    "warning: not in " USER_DOMAINS ", so no mail will come for ", domain.s);
}

/* Enter the key of line among the known ones; 0 when it was there. */
static int
enter(struct user_files *files, const struct text_file *file,
    const struct text_line *line, const stralloc *key)
{
	const struct address_place *first =
	    address_set_enter(&files->known, key->s, key->len, file->name, line->number);

	if (first)
		complain_twice(files, file, line, first);
	else
		warn_domain(files, file, line, key->s, key->len);
	return first == NULL;
}

void
user_cdb_domains(struct user_cdb *cdb, struct user_files *files)
{
	struct text_line line = {0};
	static stralloc key;
	size_t i;

	while (text_file_next(&files->domains, &line)) {
		if (!address_is_host(line.s, line.len)) {
			complain(files, &files->domains, &line, "not a domain");
			continue;
		}
		key.len = 0;
		text_catb(&key, line.s, line.len);
		for (i = 0; i < key.len; i++)
			if (key.s[i] >= 'A' && key.s[i] <= 'Z')
				key.s[i] += 'a' - 'A';
		if (key.s[key.len - 1] == '.')
			key.len--;
		/* A domain named twice says nothing false. */
		if (!address_set_enter(
			&files->local, key.s, key.len, files->domains.name, line.number))
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
		if (wrong) {
			complain(files, &files->mailboxes, &line, wrong);
			continue;
		}
		data.len = 0;
		text_cat(&data, text_decimal(digits, user.uid), ":", (char *)NULL);
		text_cat(&data, text_decimal(digits, user.gid), ":", (char *)NULL);
		if (user.has_quota)
			text_cat(&data, text_decimal(digits, user.quota), (char *)NULL);
		if (enter(files, &files->mailboxes, &line, &user.key))
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
		if (wrong)
			complain(files, &files->aliases, &line, wrong);
		else if (!enter(files, &files->aliases, &line, &user.key))
			;
		else if (user.key.s[0] == '@')
			add(cdb, 'c', user.key.s + 1, user.key.len - 1, user.targets.s,
			    user.targets.len);
		else
			add(cdb, 'a', user.key.s, user.key.len, user.targets.s,
			    user.targets.len);
	}
}

/* The hash under the address, the keys under a null byte and the address. */
static void
add_password(struct user_cdb *cdb, struct user_files *files, const struct user_line *user,
    unsigned long number)
{
	static stralloc key;

	add(cdb, 0, user->key.s, user->key.len, user->hash.s, user->hash.len);
	if (user->keys.len > 0) {
		key.len = 0;
		text_catb(&key, "", 1);
		text_catb(&key, user->key.s, user->key.len);
		add(cdb, 0, key.s, key.len, user->keys.s, user->keys.len);
	} else if (user->hash.s[0] == '$' && !files->keyless++) {
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
		if (wrong) {
			complain(files, &files->passwords, &line, wrong);
			continue;
		}
		place = address_set_enter(
		    &met, user.key.s, user.key.len, files->passwords.name, line.number);
		if (place) {
			complain_twice(files, &files->passwords, &line, place);
			continue;
		}
		/* Left by a mailbox that was removed: nobody may log in with it. */
		place = address_set_find(&files->known, user.key.s, user.key.len);
		if (place && place->file == files->mailboxes.name)
			add_password(cdb, files, &user, line.number);
		else if (files->warn)
			text_file_complain(files->passwords.name, line.number,
			    "warning: no mailbox of this address, left out", NULL);
	}
	address_set_free(&met);
}
