#ifndef TLS_WRAP_STORE_H
#define TLS_WRAP_STORE_H

/*
 * The certificates and keys that are ready: read by the one process that never hears of a
 * peer, for all the children that it will have.
 */

#include <openssl/ssl.h>

#include "tls/wrap_pair.h"

#define WRAP_STORE_NAMES                                                                 \
	64 /* the folders that are kept ready; more are read when needed */

/*
 * Look at the files of tls/, first of all those of the folder first, and read what is new
 * or has changed.  A pair that is of no use leaves the last good one of its name in
 * place, and is logged when it is still so at the next look: a renewal replaces two
 * files, one after the other.  Returns whether
 * anything has changed.
 */
int wrap_store_refresh(SSL_CTX *context, const char *first);

/* What the store knows of a pair in the state that was looked at. */
enum wrap_store {
	WRAP_STORE_NOTHING, /* it is to be read */
	WRAP_STORE_READY,   /* it is here */
	WRAP_STORE_USELESS, /* it does not fit, and that has been logged */
};
enum wrap_store wrap_store_judge(
    const char *name, int rsa, const struct wrap_pair_look *look);

/* What was good last of the pair, or null. */
const struct wrap_pair_content *wrap_store_content(const char *name, int rsa);

#endif
