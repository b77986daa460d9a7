#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cdb.h>
#include <errmsg.h>

#include "auth/crypt_place.h"
#include "auth/password.h"
#include "auth/password_digest.h"
#include "lib/password_hash.h"
#include "lib/text.h"

#define HASH_MAX 1024
#define KEYS_PREFIX "" /* a null byte: no address begins so */
#define SECRET_MAX 256

/* Of nobody's password, with the cost that crypt_gensalt(3) chooses for yescrypt. */
#define DUMMY "$y$j9T$0123456789abcdefghij./$ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop0"

static int
open_passwords(struct cdb *cdb)
{
	struct stat st;
	int fd, saved;

	fd = open(PASSWORD_CDB, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd == -1)
		return -1;
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode) || st.st_size < 2048 ||
	    st.st_size > UINT32_MAX) {
		saved = errno != 0 ? errno : EINVAL;
		close(fd);
		errno = saved;
		return -1;
	}
	cdb_init(cdb, fd);
	return fd;
}

/* The data that cdb found, a C string in hash.  Returns 1, or -1 with errno. */
static int
take_hash(struct cdb *cdb, stralloc *hash)
{
	size_t len = cdb_datalen(cdb);

	errno = EINVAL;
	if (len > HASH_MAX)
		return -1;
	text_room(hash, len + 1);
	if (cdb_read(cdb, (unsigned char *)hash->s, len, cdb_datapos(cdb)) == -1)
		return -1;
	hash->len = len;
	text_terminate(hash);
	return 1;
}

/* The secret of this system, from which the salts of those come who don't exist. */
static int
read_secret(char secret[SECRET_MAX])
{
	int fd = open(PASSWORD_SECRET, O_RDONLY | O_CLOEXEC);
	ssize_t r;

	if (fd == -1)
		return errno == ENOENT ? 0 : -1;
	r = read(fd, secret, SECRET_MAX);
	close(fd);
	return (int)r;
}

static int
pretend(struct scram *keys, const char *key, size_t len)
{
	char secret[SECRET_MAX];
	int r = read_secret(secret);

	if (r == -1)
		return -1;
	scram_pretend(keys, secret, (size_t)r, key, len);
	return 0;
}

/* Is it a hash of crypt(3), other than the traditional one, which costs nothing? */
static int
is_costly(const stralloc *hash)
{
	size_t text;

	return password_hash_kind(hash->s, hash->len, &text) == PASSWORD_HASH_CRYPT &&
	       hash->s[text] == '$';
}

/* Could the password of key[0..len) be right?  1, 0, or -1 with errno. */
static int
is_open(struct cdb *cdb, const char *key, size_t len)
{
	static stralloc hash;
	size_t text;
	int r = cdb_find(cdb, (const unsigned char *)key, len);

	if (r == 1)
		r = take_hash(cdb, &hash);
	if (r == 1)
		r = password_hash_is_usable(password_hash_kind(hash.s, hash.len, &text));
	text_wipe(&hash);
	return r;
}

int
password_keys(const char *key, size_t len, struct scram *keys)
{
	static stralloc full, text;
	struct cdb cdb = {0};
	int fd, r;

	full.len = 0;
	text_catb(&full, KEYS_PREFIX, sizeof KEYS_PREFIX);
	text_catb(&full, key, len);
	errno = 0;
	fd = open_passwords(&cdb);
	if (fd == -1)
		return -1;
	errno = EINVAL;
	/* the keys of a closed account open nothing either */
	r = is_open(&cdb, key, len);
	if (r == 1)
		r = cdb_find(&cdb, (const unsigned char *)full.s, full.len);
	if (r == 1)
		r = take_hash(&cdb, &text);
	if (r == 1 && !scram_keys_scan(keys, text.s, text.len))
		r = -1;
	if (r == 0)
		r = pretend(keys, key, len);
	text_wipe(&text);
	cdb_free(&cdb);
	close(fd);
	return r;
}

int
password_find(const char *key, size_t len, stralloc *hash)
{
	struct cdb cdb = {0};
	uint32 first = 0;
	int fd, r;

	errno = 0;
	fd = open_passwords(&cdb);
	if (fd == -1)
		return -1;
	errno = EINVAL;
	r = cdb_find(&cdb, (const unsigned char *)key, len);
	if (r == 1)
		r = take_hash(&cdb, hash);
	else if (r == 0) {
		/* the cost is the same for most: take anybody's */
		hash->len = 0;
		if (cdb_firstkey(&cdb, &first) != 1 || take_hash(&cdb, hash) != 1 ||
		    !is_costly(hash))
			hash->len = 0;
		if (hash->len == 0)
			text_cat(hash, DUMMY, (char *)NULL);
		text_terminate(hash);
	}
	cdb_free(&cdb);
	close(fd);
	return r;
}

/* Takes as long wherever the first difference is. */
static int
equal(const char *a, const char *b)
{
	size_t len = strlen(a), i;
	unsigned char difference = 0;

	if (len != strlen(b))
		return 0;
	for (i = 0; i < len; i++)
		difference |= (unsigned char)(a[i] ^ b[i]);
	return difference == 0;
}

/*
 * As crypt(3), with an end to the memory that a hash can ask for.  Null when it asked for
 * more, or for what crypt(3) does not know.
 */
static const char *
crypt_bounded(const char *password, const char *setting)
{
	const char *computed;
#ifndef __SANITIZE_ADDRESS__ /* whose own memory is counted, too */
	struct rlimit kept, bound;

	if (getrlimit(RLIMIT_DATA, &kept) == -1)
		return NULL;
	bound = kept;
	if (bound.rlim_cur > CRYPT_PLACE_MEMORY)
		bound.rlim_cur = CRYPT_PLACE_MEMORY;
	if (setrlimit(RLIMIT_DATA, &bound) == -1)
		return NULL;
#endif
	errno = 0;
	computed = crypt(password, setting);
#ifndef __SANITIZE_ADDRESS__
	setrlimit(RLIMIT_DATA, &kept);
#endif
	return computed != NULL && *computed != '*' ? computed : NULL;
}

static int
crypt_matches(const char *hash, const char *password)
{
	const char *computed = crypt_bounded(password, hash);

	if (computed != NULL)
		return equal(computed, hash);
	if (errno == ENOMEM)
		return -1;
	carp("unable to compute a hash: it is malformed, or takes too much memory");
	crypt_bounded(password, DUMMY);
	return 0;
}

int
password_matches(const char *hash, const char *password)
{
	enum password_hash_kind kind;
	size_t text;
	int r = 0;

	kind = password_hash_kind(hash, strlen(hash), &text);
	if (kind == PASSWORD_HASH_CRYPT)
		return crypt_matches(hash + text, password);
	if (kind == PASSWORD_HASH_PLAIN)
		r = equal(hash + text, password);
	else if (password_hash_is_usable(kind))
		r = password_digest_matches(kind, hash + text, password);
	crypt_bounded(password, DUMMY); /* for its time */
	return r;
}
