#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cdb.h>
#include <errmsg.h>

#include "auth/password.h"
#include "lib/text.h"
#include "lib/verdict.h"

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

	fd = open(PASSWORDS_CDB, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
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
	if (!stralloc_ready(hash, len + 1))
		die(DEFER, "out of memory");
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
	int fd = open(SECRET, O_RDONLY | O_CLOEXEC);
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
	r = cdb_find(&cdb, (const unsigned char *)full.s, full.len);
	if (r == 1)
		r = take_hash(&cdb, &text);
	if (r == 1 && !scram_scan(keys, text.s, text.len))
		r = -1;
	if (r == 0)
		r = pretend(keys, key, len);
	explicit_bzero(text.s, text.a);
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
		    hash->s[0] != '$')
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

int
password_matches(const char *hash, const char *password)
{
	const char *computed = crypt(password, hash);

	if (computed != NULL && *computed != '*')
		return equal(computed, hash);
	crypt(password, DUMMY);
	return 0;
}
