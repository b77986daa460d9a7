#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/address.h"
#include "lib/domain_form.h"
#include "lib/lower.h"
#include "lib/mailbox_owner.h"
#include "lib/text.h"
#include "lib/users.h"

#define TARGETS_MAX 1048576 /* bytes of an alias */
#define CDB_MIN 2048        /* the table that every cdb begins with */

int
users_open(struct users *u)
{
	u->fd = open(USERS_CDB, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (u->fd == -1)
		return -1;
	if (fstat(u->fd, &u->seen) == -1 || !S_ISREG(u->seen.st_mode) ||
	    u->seen.st_size < CDB_MIN || u->seen.st_size > UINT32_MAX) {
		close(u->fd);
		u->fd = -1;
		errno = EINVAL;
		return -1;
	}
	/* libowfat frees first what it finds there */
	u->cdb = (struct cdb){0};
	cdb_init(&u->cdb, u->fd);
	u->opened++;
	return 0;
}

static int
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_size == b->st_size && a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	       a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

int
users_refresh(struct users *u)
{
	struct stat now;
	int r = stat(USERS_CDB, &now);

	if (r == 0 && u->fd != -1 && same_file(&now, &u->seen))
		return 0;
	if (u->fd != -1)
		users_close(u);
	return r == 0 ? users_open(u) : -1;
}

void
users_close(struct users *u)
{
	cdb_free(&u->cdb);
	close(u->fd);
	u->fd = -1;
}

/* Look up type and key s[0..len) in lower case; data gets what stands there, a C string.
 */
static int
lookup(struct users *u, char type, const char *s, size_t len, stralloc *data)
{
	stralloc key = {0};
	int r;

	text_catb(&key, &type, 1);
	text_catb(&key, s, len);
	lower_bytes(key.s + 1, len);
	errno = 0;
	r = cdb_find(&u->cdb, (const unsigned char *)key.s, key.len);
	stralloc_free(&key);
	data->len = 0;
	if (r == 1 && cdb_datalen(&u->cdb) > TARGETS_MAX)
		r = -1;
	if (r == 1) {
		if (!stralloc_ready(data, cdb_datalen(&u->cdb) + 1)) {
			errno = ENOMEM;
			return -1;
		}
		r = cdb_read(&u->cdb, (unsigned char *)data->s, cdb_datalen(&u->cdb),
			cdb_datapos(&u->cdb)) == 0
			? 1
			: -1;
		data->len = cdb_datalen(&u->cdb);
		text_terminate(data);
	}
	if (r == -1 && errno == 0)
		errno = EINVAL;
	return r;
}

int
users_scram(struct users *u)
{
	stralloc data = {0};
	int r = lookup(u, 's', "", 0, &data);

	stralloc_free(&data);
	return r;
}

int
users_domain(struct users *u, const char *s, size_t len)
{
	stralloc data = {0}, key = {0}, other = {0};
	int r;

	if (len > 0 && s[len - 1] == '.')
		len--;
	r = lookup(u, 'd', s, len, &data);
	if (r == 0) {
		address_key(&key, s, len);
		if (domain_form_other(&other, key.s, key.len))
			r = lookup(u, 'd', other.s, other.len, &data);
	}
	stralloc_free(&data);
	stralloc_free(&key);
	stralloc_free(&other);
	return r;
}

/* Look up an alias or catch-all, which never has no target. */
static int
find_targets(struct users *u, char type, const char *s, size_t len, struct user *user)
{
	stralloc *targets = &user->targets;
	int r;

	r = lookup(u, type, s, len, targets);
	if (r != 1)
		return r;
	if (targets->len < 2 || targets->s[targets->len - 1] != '\0') {
		errno = EINVAL;
		return -1;
	}
	user->kind = USER_ALIAS;
	return 1;
}

/* "uid:gid:quota" of a mailbox.  Returns 1, or -1 with EINVAL. */
static int
parse_mailbox(struct user *user, const char *s)
{
	size_t owner = mailbox_owner_scan(s, strlen(s), &user->uid, &user->gid);
	const char *quota = s + owner;

	errno = EINVAL;
	if (owner == 0 || *quota != ':')
		return -1;
	user->has_quota = quota[1] != '\0';
	user->quota = 0;
	if (user->has_quota &&
	    !text_number(quota + 1, strlen(quota + 1), LLONG_MAX, &user->quota))
		return -1;
	user->kind = USER_MAILBOX;
	return 1;
}

/* Does the mailbox s[0..len) send on what it gets?  Returns 1, or -1 with errno. */
static int
find_others(struct users *u, const char *s, size_t len, struct user *user)
{
	int r = find_targets(u, 'a', s, len, user);

	user->kind = USER_MAILBOX;
	return r == -1 ? -1 : 1;
}

/* The mailbox or alias whose key is just s[0..len).  1, 0, or -1 with errno. */
static int
find_exactly(struct users *u, const char *s, size_t len, struct user *user)
{
	int r;

	r = lookup(u, 'm', s, len, &user->targets);
	if (r == 1)
		r = parse_mailbox(user, user->targets.s);
	else if (r == 0)
		r = find_targets(u, 'a', s, len, user);
	if (r == 1 && user->kind == USER_MAILBOX)
		r = find_others(u, s, len, user);
	if (r == 1)
		text_setb(&user->address, s, len);
	return r;
}

/* The same without the +extension of the local part. */
static int
find_without_extension(
    struct users *u, const char *s, size_t len, size_t at, struct user *user)
{
	const char *plus = memchr(s, '+', at);
	stralloc base = {0};
	int r;

	if (plus == NULL || plus == s)
		return 0;
	text_catb(&base, s, (size_t)(plus - s));
	text_catb(&base, s + at, len - at);
	r = find_exactly(u, base.s, base.len, user);
	stralloc_free(&base);
	return r;
}

/* Find key, whose domain begins at that place: 1, 0, or -1 with errno. */
static int
find_key(struct users *u, const stralloc *key, size_t domain, struct user *user)
{
	int r = find_exactly(u, key->s, key->len, user);

	if (r == 0)
		r = find_without_extension(u, key->s, key->len, domain - 1, user);
	if (r == 0) {
		r = find_targets(u, 'c', key->s + domain, key->len - domain, user);
		if (r == 1)
			text_set(&user->address, key->s + domain - 1);
	}
	return r;
}

int
users_find(struct users *u, const char *s, size_t len, struct user *user)
{
	stralloc key = {0}, other = {0};
	size_t domain;
	int r = 0;

	user->kind = USER_NONE;
	address_key(&key, s, len);
	domain = address_domain(key.s, key.len);
	if (domain > 0)
		r = find_key(u, &key, domain, user);
	if (domain > 0 && r == 0) {
		text_catb(&other, key.s, domain);
		if (domain_form_other(&other, key.s + domain, key.len - domain)) {
			text_terminate(&other);
			r = find_key(u, &other, domain, user);
		}
	}
	stralloc_free(&key);
	stralloc_free(&other);
	return r;
}

int
users_folder(stralloc *sa, const char *address)
{
	size_t len = strlen(address), domain = address_domain(address, len);

	if (domain == 0 || !address_is_folder(address, domain - 1) ||
	    !address_is_folder(address + domain, len - domain))
		return 0;
	text_cat(sa, "mail/", address + domain, "/", (char *)NULL);
	text_catb(sa, address, domain - 1);
	text_terminate(sa);
	return 1;
}
