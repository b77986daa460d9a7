#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>

#include <errmsg.h>

#include "admin/user_cdb.h"
#include "admin/user_files.h"
#include "lib/address.h"
#include "lib/durable.h"
#include "lib/new_file.h"
#include "lib/verdict.h"

#define LOCK "users/lock"
#define CHANGED_MAX 3

void
user_files_lock(void)
{
	int fd = open(LOCK, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd == -1)
		diesys(DEFER, "unable to open " LOCK);
	while (flock(fd, LOCK_EX) == -1)
		if (errno != EINTR)
			diesys(DEFER, "unable to lock " LOCK);
}

void
user_files_domains(struct user_files *files)
{
	struct text_line line = {0};
	stralloc key = {0};

	if (text_file_read(&files->domains, USER_DOMAINS) == -1)
		diesys(DEFER, "unable to read " USER_DOMAINS);
	while (text_file_next(&files->domains, &line)) {
		address_domain_key(&key, line.s, line.len);
		address_set_enter(
		    &files->local, key.s, key.len, USER_DOMAINS, line.number);
	}
	stralloc_free(&key);
}

void
user_files_read(struct user_files *files)
{
	struct {
		struct text_file *file;
		const char *name;
	} all[] = {
	    {&files->mailboxes, USER_MAILBOXES},
	    {&files->aliases, USER_ALIASES},
	    {&files->passwords, USER_PASSWORDS},
	};
	size_t i;

	user_files_domains(files);
	for (i = 0; i < sizeof all / sizeof *all; i++)
		if (text_file_read(all[i].file, all[i].name) == -1)
			diesys(DEFER, "unable to read ", all[i].name);
}

/* What auth-check makes the salts from of those who don't exist; it never changes. */
static void
make_secret(void)
{
	unsigned char secret[32];

	if (access(USER_SECRET, F_OK) == 0)
		return;
	if (getrandom(secret, sizeof secret, 0) != sizeof secret)
		diesys(DEFER, "unable to make a secret");
	if (new_file_replace(USER_SECRET, secret, sizeof secret, 0600) == -1)
		diesys(DEFER, "unable to write " USER_SECRET);
}

/* Without our name nothing is what it was: queues stop, certificates are not found. */
static void
lacks_name(struct user_files *files)
{
	struct text_file me = {0};
	struct text_line line = {0};

	if (text_file_read(&me, USER_ME) == -1)
		diesys(DEFER, "unable to read " USER_ME);
	if (!text_file_next(&me, &line)) {
		carp(USER_ME, " is missing or empty: it holds our host name");
		files->wrong++;
	}
	stralloc_free(&me.bytes);
}

int
user_files_compile(struct user_files *files)
{
	static struct user_cdb users, passwords;

	lacks_name(files);
	make_secret();
	user_cdb_begin(&users, USER_CDB, 0644);
	user_cdb_begin(&passwords, USER_PASSWORDS_CDB, 0600);
	user_cdb_domains(&users, files);
	user_cdb_mailboxes(&users, files);
	user_cdb_aliases(&users, files);
	user_cdb_passwords(&passwords, files);
	user_cdb_scram(&users, files);
	if (files->wrong > 0) {
		new_file_abandon(&users.file);
		new_file_abandon(&passwords.file);
		return -1;
	}
	user_cdb_finish(&users);
	user_cdb_finish(&passwords);
	files->compiled[0] = passwords.file;
	files->compiled[1] = users.file;
	return 0;
}

/* Bring the text to the disk under its preliminary name. */
static void
prepare(struct new_file *file, const struct text_file *text)
{
	mode_t mode = strcmp(text->name, USER_PASSWORDS) == 0 ? 0600 : 0644;

	if (new_file_begin(file, text->name, mode) == -1)
		diesys(DEFER, "unable to create ", file->tmp);
	if (durable_write(file->fd, text->bytes.s, text->bytes.len) == -1 ||
	    new_file_finish(file) == -1) {
		carpsys("unable to write ", file->tmp);
		new_file_abandon(file);
		exit(DEFER);
	}
}

void
user_files_publish(struct user_files *files, struct text_file *const *changed, size_t n)
{
	struct new_file all[CHANGED_MAX + 2];
	size_t i;

	for (i = 0; i < n; i++)
		prepare(&all[i], changed[i]);
	all[n] = files->compiled[0];
	all[n + 1] = files->compiled[1];
	for (i = 0; i < n + 2; i++)
		if (new_file_publish(&all[i]) == -1)
			diesys(
			    DEFER, "unable to rename ", all[i].tmp, " to ", all[i].path);
	if (durable_sync_directory(AT_FDCWD, "users") == -1)
		diesys(DEFER, "unable to sync users");
}

void
user_files_abandon(struct user_files *files)
{
	size_t i;

	for (i = 0; i < sizeof files->compiled / sizeof *files->compiled; i++)
		new_file_abandon(&files->compiled[i]);
}
