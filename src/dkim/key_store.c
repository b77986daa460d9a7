#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errmsg.h>

#include "dkim/key_store.h"
#include "lib/heap.h"
#include "lib/text.h"

#define PATH_MAX_OURS (sizeof KEY_STORE_FOLDER + SIGNATURE_DOMAIN_MAX + 2)

static struct key_store_look
look_of(const struct stat *st)
{
	return (struct key_store_look){
	    st->st_dev, st->st_ino, (unsigned long long)st->st_size, st->st_ctim};
}

static int
is_same(const struct key_store_look *a, const struct key_store_look *b)
{
	return a->device == b->device && a->inode == b->inode && a->size == b->size &&
	       a->changed.tv_sec == b->changed.tv_sec &&
	       a->changed.tv_nsec == b->changed.tv_nsec;
}

static void
forget(struct key_store_domain *domain)
{
	size_t i;

	for (i = 0; i < domain->count; i++)
		private_key_free(&domain->keys[i].key);
	free(domain->keys);
	memset(domain, 0, sizeof *domain);
}

/* The selector that the name of a key's file has; 0 when it is none. */
static int
take_selector(char *selector, const char *name, const char *domain)
{
	size_t len = strlen(name), suffix = sizeof KEY_STORE_SUFFIX - 1;

	if (len <= suffix || strcmp(name + len - suffix, KEY_STORE_SUFFIX) != 0)
		return 0;
	if (signature_take_domain(selector, name, len - suffix) &&
	    strncmp(selector, name, len - suffix) == 0)
		return 1;
	/* whoever put it there waits for signatures */
	carp("passed over " KEY_STORE_FOLDER "/", domain, "/", name,
	    ": that is no selector in lower case");
	return 0;
}

/* Read the file name in folder.  Returns 0, or -1 after having logged why not. */
static int
read_key(struct key_store_one *one, int folder, const char *name, const char *domain)
{
	char s[PRIVATE_KEY_FILE_MAX];
	const char *wrong = NULL;
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;
	ssize_t len = -1;

	if (fd != -1 && fstat(fd, &st) == 0) {
		len = read(fd, s, sizeof s);
		one->look = look_of(&st);
	}
	if (len == -1)
		wrong = strerror(errno);
	if (fd != -1)
		close(fd);
	private_key_init(&one->key);
	if (wrong == NULL)
		wrong = private_key_read(&one->key, s, (size_t)len);
	explicit_bzero(s, sizeof s);
	if (wrong == NULL)
		return 0;
	carp("unable to read the key " KEY_STORE_FOLDER "/", domain, "/", name, ": ",
	    wrong);
	private_key_free(&one->key);
	return -1;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(((const struct key_store_one *)a)->selector,
	    ((const struct key_store_one *)b)->selector);
}

/* Read all keys in folder.  Returns 0, or -1 after having logged why not. */
static int
read_keys(struct key_store_domain *domain, DIR *folder)
{
	struct dirent *entry;
	char selector[SIGNATURE_DOMAIN_MAX + 1];
	struct key_store_one *one;

	domain->keys = heap_make(KEY_STORE_KEYS, sizeof *domain->keys);
	while ((errno = 0, entry = readdir(folder)) != NULL) {
		if (!take_selector(selector, entry->d_name, domain->name))
			continue;
		if (domain->count == KEY_STORE_KEYS) {
			carp("too many keys in " KEY_STORE_FOLDER "/", domain->name);
			return -1;
		}
		one = &domain->keys[domain->count];
		if (read_key(one, dirfd(folder), entry->d_name, domain->name) == -1)
			return -1;
		memcpy(one->selector, selector, sizeof selector);
		domain->count++;
	}
	if (errno != 0) {
		carpsys("unable to read " KEY_STORE_FOLDER "/", domain->name);
		return -1;
	}
	qsort(domain->keys, domain->count, sizeof *domain->keys, compare);
	return 0;
}

/* Are the keys that are kept those of the folder still? */
static int
is_fresh(
    const struct key_store_domain *domain, int folder, const struct key_store_look *look)
{
	char name[SIGNATURE_DOMAIN_MAX + sizeof KEY_STORE_SUFFIX];
	struct key_store_look now;
	struct stat st;
	size_t i;

	if (!is_same(&domain->look, look))
		return 0;
	for (i = 0; i < domain->count; i++) {
		strcpy(name, domain->keys[i].selector);
		strcat(name, KEY_STORE_SUFFIX);
		if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == -1)
			return 0;
		now = look_of(&st);
		if (!is_same(&domain->keys[i].look, &now))
			return 0;
	}
	return 1;
}

/* The place of the domain: its own, a new one, or of that which was used longest ago. */
static struct key_store_domain *
find_place(struct key_store *store, const char *name)
{
	struct key_store_domain *oldest = store->domains;
	size_t i;

	for (i = 0; i < store->count; i++) {
		if (strcmp(store->domains[i].name, name) == 0)
			return &store->domains[i];
		if (store->domains[i].used < oldest->used)
			oldest = &store->domains[i];
	}
	return store->count < KEY_STORE_DOMAINS ? &store->domains[store->count++]
						: oldest;
}

static int
open_folder(const char *name)
{
	char path[PATH_MAX_OURS];

	strcpy(path, KEY_STORE_FOLDER "/");
	strcat(path, name);
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

const struct key_store_domain *
key_store_find(struct key_store *store, const char *name)
{
	static const struct key_store_domain none;
	struct key_store_domain *domain;
	struct key_store_look look;
	int fd = open_folder(name), r;
	struct stat st;
	DIR *folder;

	if (fd == -1 && (errno == ENOENT || errno == ENOTDIR))
		return &none;
	if (fd == -1 || fstat(fd, &st) == -1) {
		carpsys("unable to open " KEY_STORE_FOLDER "/", name);
		if (fd != -1)
			close(fd);
		return NULL;
	}
	look = look_of(&st);
	domain = find_place(store, name);
	domain->used = ++store->uses;
	if (strcmp(domain->name, name) == 0 && is_fresh(domain, fd, &look)) {
		close(fd);
		return domain;
	}
	forget(domain);
	folder = fdopendir(fd);
	if (folder == NULL)
		heap_lacks();
	strcpy(domain->name, name);
	domain->used = store->uses;
	domain->look = look;
	r = read_keys(domain, folder);
	closedir(folder);
	if (r == 0)
		return domain;
	forget(domain);
	return NULL;
}

void
key_store_free(struct key_store *store)
{
	size_t i;

	for (i = 0; i < store->count; i++)
		forget(&store->domains[i]);
	store->count = 0;
}
