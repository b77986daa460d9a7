#ifndef TLS_WRAP_PAIR_H
#define TLS_WRAP_PAIR_H

/* A certificate with its key: their files, and what stands in them. */

#include <openssl/ssl.h>

#include "tls/wrap_look.h"

#define WRAP_PAIR_FOLDER "tls/"
#define WRAP_PAIR_PATH 300

/* The files of one key. */
struct wrap_pair {
	char certificate[WRAP_PAIR_PATH];
	char key[WRAP_PAIR_PATH];
};

/* What tells one state of them from another. */
struct wrap_pair_look {
	struct wrap_look certificate;
	struct wrap_look key;
};

/* What is in them. */
struct wrap_pair_content {
	X509 *certificate;
	STACK_OF(X509) * chain;
	EVP_PKEY *key;
};

/* Is name, in lower case, fit for the name of a folder? */
int wrap_pair_is_name(const char *name);

/* Name the files in the folder name, which is fit: those for RSA, or the usual ones. */
void wrap_pair_name(struct wrap_pair *pair, const char *name, int rsa);

/* Look at both.  Returns 1; or 0 when there is no such certificate. */
int wrap_pair_look(struct wrap_pair_look *look, const struct wrap_pair *pair);

/* Is it the same pair in the same state? */
int wrap_pair_is_same(const struct wrap_pair_look *a, const struct wrap_pair_look *b);

/*
 * Read both.  Returns 1, and the caller frees *content; or 0 when they can't be read or
 * do not fit.
 */
int wrap_pair_read(struct wrap_pair_content *content, const struct wrap_pair *pair);

/* Give ssl what has been read.  Returns 1; or 0 when it is too weak to be used. */
int wrap_pair_use(const struct wrap_pair_content *content, SSL *ssl);

void wrap_pair_free(struct wrap_pair_content *content);

/* Log what is wrong with it. */
void wrap_pair_complain(const struct wrap_pair *pair);

/* Log when others can read the key: it works, but who runs the system should know. */
void wrap_pair_warn(const struct wrap_pair *pair);

#endif
