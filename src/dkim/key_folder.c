#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errmsg.h>

#include "dkim/key_folder.h"
#include "dkim/key_make.h"
#include "lib/durable.h"
#include "lib/lock_file.h"
#include "lib/new_file.h"
#include "lib/text.h"

#define PATIENCE 10000 /* milliseconds, while another changes keys */
#define LOCK ".lock"
#define STATES 3

static const char *const suffixes[STATES] = {
    [KEY_FOLDER_SIGNS] = ".key",
    [KEY_FOLDER_WAITS] = ".next",
    [KEY_FOLDER_RETIRED] = ".old",
};

/* Make path dkim/DOMAIN/SELECTOR.STATE; dkim/DOMAIN without a selector. */
static void
make_path(
    stralloc *path, const char *domain, const char *selector, enum key_folder_state state)
{
	path->len = 0;
	text_cat(path, KEY_FOLDER "/", domain, (char *)NULL);
	if (selector != NULL)
		text_cat(path, "/", selector, suffixes[state], (char *)NULL);
	text_terminate(path);
}

/* What a file of that name is.  Returns 0 when it is no key. */
static int
take_name(struct key_folder_one *one, const char *name)
{
	size_t len = strlen(name), suffix;
	int state;

	for (state = 0; state < STATES; state++) {
		suffix = strlen(suffixes[state]);
		if (len <= suffix || strcmp(name + len - suffix, suffixes[state]) != 0)
			continue;
		one->state = (enum key_folder_state)state;
		return signature_take_domain(one->selector, name, len - suffix) &&
		       strncmp(one->selector, name, len - suffix) == 0;
	}
	return 0;
}

/* Returns null, or what is wrong. */
static const char *
read_key(struct key_folder_one *one, int folder, const char *name)
{
	char s[PRIVATE_KEY_FILE_MAX];
	const char *wrong = NULL;
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;
	ssize_t len = -1;

	private_key_init(&one->key);
	if (fd != -1 && fstat(fd, &st) == 0) {
		one->since = st.st_mtime;
		len = read(fd, s, sizeof s);
	}
	if (len == -1)
		wrong = strerror(errno);
	if (fd != -1)
		close(fd);
	if (wrong == NULL)
		wrong = private_key_read(&one->key, s, (size_t)len);
	explicit_bzero(s, sizeof s);
	if (wrong != NULL)
		private_key_free(&one->key);
	return wrong;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(((const struct key_folder_one *)a)->selector,
	    ((const struct key_folder_one *)b)->selector);
}

static int
read_entries(struct key_folder *folder, DIR *dir, const char *path)
{
	struct key_folder_one found = {0}, *one;
	struct dirent *entry;
	const char *wrong;

	while ((errno = 0, entry = readdir(dir)) != NULL) {
		if (!take_name(&found, entry->d_name))
			continue;
		if (folder->count == KEY_FOLDER_MAX) {
			carp(path, ": too many keys");
			return -1;
		}
		one = &folder->keys[folder->count];
		*one = found;
		wrong = read_key(one, dirfd(dir), entry->d_name);
		if (wrong != NULL) {
			carp("unable to read ", path, "/", entry->d_name, ": ", wrong);
			return -1;
		}
		folder->count++;
	}
	if (errno == 0)
		return 0;
	carpsys("unable to read ", path);
	return -1;
}

int
key_folder_read(struct key_folder *folder, const char *domain)
{
	stralloc path = {0};
	DIR *dir;
	int r = -1;

	strcpy(folder->domain, domain);
	make_path(&path, domain, NULL, KEY_FOLDER_SIGNS);
	dir = opendir(path.s);
	if (dir != NULL) {
		r = read_entries(folder, dir, path.s);
		closedir(dir);
		qsort(folder->keys, folder->count, sizeof *folder->keys, compare);
	} else if (errno == ENOENT) {
		r = 0;
	} else {
		carpsys("unable to open ", path.s);
	}
	stralloc_free(&path);
	return r;
}

static int
compare_names(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

int
key_folder_list(stralloc *list)
{
	char domain[SIGNATURE_DOMAIN_MAX + 1];
	struct dirent **entries;
	int n = scandir(KEY_FOLDER, &entries, NULL, compare_names), i;
	const char *name;

	for (i = 0; i < n; i++) {
		name = entries[i]->d_name;
		if (signature_take_domain(domain, name, strlen(name)) &&
		    strcmp(domain, name) == 0)
			text_catb(list, domain, strlen(domain) + 1);
		free(entries[i]);
	}
	if (n == -1)
		return errno == ENOENT ? 0 : -1;
	free(entries);
	return 0;
}

int
key_folder_lock(void)
{
	int fd = open(KEY_FOLDER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd == -1 || fstat(fd, &st) == -1) {
		carpsys("unable to open " KEY_FOLDER);
		return -1;
	}
	if (st.st_uid != geteuid() || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
		carp("unable to change keys: " KEY_FOLDER
		     " is not ours, or others can write there");
		return -1;
	}
	if (lock_file_await(fd, LOCK, PATIENCE) != -1)
		return 0;
	carpsys("unable to lock " KEY_FOLDER);
	return -1;
}

/* Make the folder of a domain, for the group of dkim/.  Returns 0, or -1 with errno. */
static int
make_folder(const char *path)
{
	struct stat st;

	/* one that is there may be what an interrupted run has left half made */
	if (mkdir(path, 0700) == -1 && errno != EEXIST)
		return -1;
	/* in another's home the group may not be ours to give to */
	if (stat(KEY_FOLDER, &st) == -1 ||
	    (chown(path, (uid_t)-1, st.st_gid) == -1 && geteuid() == 0) ||
	    chmod(path, 0750) == -1)
		return -1;
	return durable_sync_directory(AT_FDCWD, KEY_FOLDER);
}

int
key_folder_add(const char *domain, const char *selector, enum key_folder_state state,
    const struct private_key *key)
{
	stralloc path = {0}, text = {0};
	int r;

	make_path(&path, domain, NULL, state);
	r = make_folder(path.s);
	make_path(&path, domain, selector, state);
	key_make_file(&text, key);
	if (r == 0)
		r = new_file_replace(path.s, text.s, text.len, 0640);
	text_wipe(&text);
	stralloc_free(&text);
	stralloc_free(&path);
	return r;
}

int
key_folder_move(
    const char *domain, const struct key_folder_one *one, enum key_folder_state state)
{
	stralloc from = {0}, to = {0};
	int r;

	make_path(&from, domain, one->selector, one->state);
	make_path(&to, domain, one->selector, state);
	r = utimensat(AT_FDCWD, from.s, NULL, AT_SYMLINK_NOFOLLOW);
	if (r == 0)
		r = rename(from.s, to.s);
	make_path(&from, domain, NULL, state);
	if (r == 0)
		r = durable_sync_directory(AT_FDCWD, from.s);
	stralloc_free(&from);
	stralloc_free(&to);
	return r;
}

int
key_folder_remove(const char *domain, const struct key_folder_one *one)
{
	stralloc path = {0};
	int r;

	make_path(&path, domain, one->selector, one->state);
	r = unlink(path.s);
	make_path(&path, domain, NULL, one->state);
	if (r == 0)
		r = durable_sync_directory(AT_FDCWD, path.s);
	stralloc_free(&path);
	return r;
}

void
key_folder_free(struct key_folder *folder)
{
	size_t i;

	for (i = 0; i < folder->count; i++)
		private_key_free(&folder->keys[i].key);
	folder->count = 0;
}
