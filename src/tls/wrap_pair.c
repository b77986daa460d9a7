#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "tls/tls_request.h"
#include "tls/wrap_log.h"
#include "tls/wrap_pair.h"

#define CERTIFICATE "/cert"
#define KEY "/key"
#define RSA_SUFFIX "-rsa"
#define PEM ".pem"

_Static_assert(
    sizeof(WRAP_PAIR_FOLDER CERTIFICATE RSA_SUFFIX PEM) + TLS_NAME_MAX <= WRAP_PAIR_PATH,
    "any name of a file fits");

int
wrap_pair_is_name(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && len <= TLS_NAME_MAX && *name != '.' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == len;
}

static void
name_file(char path[WRAP_PAIR_PATH], const char *name, const char *file, int rsa)
{
	char *end = stpcpy(stpcpy(stpcpy(path, WRAP_PAIR_FOLDER), name), file);

	strcpy(rsa ? stpcpy(end, RSA_SUFFIX) : end, PEM);
}

void
wrap_pair_name(struct wrap_pair *pair, const char *name, int rsa)
{
	name_file(pair->certificate, name, CERTIFICATE, rsa);
	name_file(pair->key, name, KEY, rsa);
}

int
wrap_pair_look(struct wrap_pair_look *look, const struct wrap_pair *pair)
{
	int gone = wrap_look_at(&look->certificate, pair->certificate) == -1 &&
		   (errno == ENOENT || errno == ENOTDIR);

	if (!gone)
		wrap_look_at(&look->key, pair->key);
	return !gone;
}

int
wrap_pair_is_same(const struct wrap_pair_look *a, const struct wrap_pair_look *b)
{
	return wrap_look_is_same(&a->certificate, &b->certificate) &&
	       wrap_look_is_same(&a->key, &b->key);
}

/* A key with a password is of no use: nobody is there who could be asked. */
static int
know_no_password(char *password, int size, int writing, void *argument)
{
	(void)password;
	(void)size;
	(void)writing;
	(void)argument;
	return -1;
}

/* The certificate, and after it those that lead to its root. */
static int
read_certificates(struct wrap_pair_content *content, const char *path)
{
	BIO *file = BIO_new_file(path, "r");
	X509 *next;

	if (file == NULL)
		return 0;
	content->certificate = PEM_read_bio_X509_AUX(file, NULL, know_no_password, NULL);
	content->chain = sk_X509_new_null();
	while (content->certificate != NULL && content->chain != NULL &&
	       (next = PEM_read_bio_X509(file, NULL, know_no_password, NULL)) != NULL)
		if (!sk_X509_push(content->chain, next))
			X509_free(next);
	BIO_free(file);
	/* the end of the file is the one good reason to stop */
	return content->certificate != NULL && content->chain != NULL &&
	       ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
}

static int
read_key(struct wrap_pair_content *content, const char *path)
{
	BIO *file = BIO_new_file(path, "r");

	if (file == NULL)
		return 0;
	content->key = PEM_read_bio_PrivateKey(file, NULL, know_no_password, NULL);
	BIO_free(file);
	return content->key != NULL;
}

int
wrap_pair_read(struct wrap_pair_content *content, const struct wrap_pair *pair)
{
	int good;

	memset(content, 0, sizeof(*content));
	ERR_clear_error();
	good = read_certificates(content, pair->certificate) &&
	       read_key(content, pair->key) &&
	       X509_check_private_key(content->certificate, content->key) == 1;
	ERR_clear_error();
	if (!good)
		wrap_pair_free(content);
	return good;
}

int
wrap_pair_use(const struct wrap_pair_content *content, SSL *ssl)
{
	return SSL_use_certificate(ssl, content->certificate) == 1 &&
	       SSL_set1_chain(ssl, content->chain) == 1 &&
	       SSL_use_PrivateKey(ssl, content->key) == 1;
}

void
wrap_pair_free(struct wrap_pair_content *content)
{
	X509_free(content->certificate);
	sk_X509_pop_free(content->chain, X509_free);
	EVP_PKEY_free(content->key);
	memset(content, 0, sizeof(*content));
}

void
wrap_pair_complain(const struct wrap_pair *pair)
{
	if (access(pair->certificate, R_OK) == -1)
		wrap_log_fault("unable to read", pair->certificate);
	else if (access(pair->key, R_OK) == -1)
		wrap_log_fault("unable to read", pair->key);
	else
		wrap_log("fault", "what", "certificate and key do not fit", "object",
		    pair->certificate, (char *)NULL);
}

void
wrap_pair_warn(const struct wrap_pair *pair)
{
	struct stat st;

	if (stat(pair->key, &st) == 0 && (st.st_mode & (S_IRWXO | S_IWGRP)))
		wrap_log("exposed", "file", pair->key, (char *)NULL);
}
