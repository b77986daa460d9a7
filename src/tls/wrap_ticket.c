#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include "lib/lock_file.h"
#include "tls/wrap_log.h"
#include "tls/wrap_ticket.h"

#define FOLDER "tls/tickets"
#define CURRENT "current"
#define PREVIOUS "previous"
#define FRESH "fresh"
#define LOCK "lock"
#define NAME_SIZE 16 /* of a key, in a ticket: RFC 5077, 4 */
#define SECRET_SIZE 32

struct key {
	unsigned char name[NAME_SIZE];
	unsigned char aes[SECRET_SIZE];
	unsigned char mac[SECRET_SIZE];
};

/* A cache: the keys, read when they are first needed. */
static struct keys {
	int loaded;
	int current_known;
	int previous_known;
	struct key current;
	struct key previous;
} keys;

/* Returns 1, or 0 when there is none that is whole. */
static int
read_key(int folder, const char *name, struct key *key)
{
	ssize_t r;
	int fd;

	fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd == -1)
		return 0;
	r = read(fd, key, sizeof(*key));
	close(fd);
	return r == (ssize_t)sizeof(*key);
}

static int
write_key(int folder, const char *name, const struct key *key)
{
	ssize_t r;
	int fd;

	fd = openat(
	    folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd == -1)
		return -1;
	r = write(fd, key, sizeof(*key));
	if (close(fd) == -1 || r != (ssize_t)sizeof(*key))
		return -1;
	return 0;
}

/* Is the file younger than a key may become? */
static int
is_young(int folder, const char *name)
{
	struct stat st;
	time_t now = time(NULL);

	return fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       st.st_mtime <= now && now - st.st_mtime < WRAP_TICKET_SECONDS;
}

/* Make a key, and the current one the previous one, or drop that too if it is as old. */
static void
make_key(int folder)
{
	struct stat st;
	struct key key;

	if (RAND_bytes((unsigned char *)&key, sizeof(key)) != 1 ||
	    write_key(folder, FRESH, &key) == -1) {
		wrap_log_fault("unable to make a key in", FOLDER);
		return;
	}
	OPENSSL_cleanse(&key, sizeof(key));
	if (fstatat(folder, CURRENT, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    time(NULL) - st.st_mtime < 2 * WRAP_TICKET_SECONDS)
		renameat(folder, CURRENT, folder, PREVIOUS);
	else
		unlinkat(folder, PREVIOUS, 0);
	if (renameat(folder, FRESH, folder, CURRENT) == -1)
		wrap_log_fault("unable to rename a key in", FOLDER);
}

/* Only one process does it at a time; the others go on with what there is. */
static void
rotate(int folder)
{
	int lock = lock_file_take(folder, LOCK);

	if (lock == -1)
		return;
	if (!is_young(folder, CURRENT))
		make_key(folder);
	lock_file_leave(folder, lock);
}

static void
load(void)
{
	int folder;

	if (keys.loaded)
		return;
	keys.loaded = 1;
	folder = open(FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder == -1)
		return;
	if (!is_young(folder, CURRENT))
		rotate(folder);
	keys.current_known = read_key(folder, CURRENT, &keys.current);
	keys.previous_known = read_key(folder, PREVIOUS, &keys.previous);
	close(folder);
}

static int
set_mac(EVP_MAC_CTX *mac, struct key *key)
{
	OSSL_PARAM parameters[] = {
	    OSSL_PARAM_construct_octet_string(
		OSSL_MAC_PARAM_KEY, key->mac, sizeof(key->mac)),
	    OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, "SHA256", 0),
	    OSSL_PARAM_construct_end(),
	};

	return EVP_MAC_CTX_set_params(mac, parameters) == 1;
}

static int
has_name(const struct key *key, int known, const unsigned char name[NAME_SIZE])
{
	return known && memcmp(key->name, name, NAME_SIZE) == 0;
}

/* OpenSSL's words for it: 0 no ticket, 1 good, 2 good but to be replaced, -1 an error. */
static int
crypt_ticket(SSL *ssl, unsigned char name[NAME_SIZE], unsigned char *iv,
    EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, int is_new)
{
	struct key *key = &keys.current;

	(void)ssl;
	load();
	if (is_new) {
		if (!keys.current_known)
			return 0;
		memcpy(name, key->name, NAME_SIZE);
		if (RAND_bytes(iv, EVP_MAX_IV_LENGTH) != 1 ||
		    EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key->aes, iv) !=
			1)
			return -1;
		return set_mac(mac, key) ? 1 : -1;
	}
	if (!has_name(key, keys.current_known, name)) {
		key = &keys.previous;
		if (!has_name(key, keys.previous_known, name))
			return 0;
	}
	if (EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key->aes, iv) != 1 ||
	    !set_mac(mac, key))
		return -1;
	return key == &keys.current ? 1 : 2;
}

void
wrap_ticket_begin(SSL_CTX *context)
{
	SSL_CTX_set_timeout(context, WRAP_TICKET_SECONDS);
	SSL_CTX_set_num_tickets(context, 1);
	SSL_CTX_set_tlsext_ticket_key_evp_cb(context, crypt_ticket);
}

void
wrap_ticket_apply(SSL *ssl, int wanted)
{
	if (wanted && access(FOLDER, R_OK | W_OK | X_OK) == 0)
		return;
	SSL_set_options(ssl, SSL_OP_NO_TICKET);
	SSL_set_num_tickets(ssl, 0);
}
