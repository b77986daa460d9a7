#ifndef LIB_SCRAM_H
#define LIB_SCRAM_H

/* The keys of SCRAM-SHA-256, computed. */

#include <stddef.h>

#include "lib/scram_keys.h"

/* Fill stored and server from the password and the salt and iterations that are set. */
void scram_make(struct scram *scram, const char *password, size_t len);

/* As scram_make, and fill client[0..SCRAM_KEY), the ClientKey, for scram_prove. */
void scram_make_client(
    struct scram *scram, unsigned char *client, const char *password, size_t len);

/*
 * The proof, into proof[0..SCRAM_KEY), that we know the password, for the AuthMessage
 * s[0..len): the other side of scram_proves.
 */
void scram_prove(const struct scram *scram, const unsigned char *client,
    unsigned char *proof, const char *s, size_t len);

/*
 * Is proof[0..SCRAM_KEY) the one of somebody who knows the password, for the AuthMessage
 * s[0..len)?  Takes as long when it is not.
 */
int scram_proves(
    const struct scram *scram, const unsigned char *proof, const char *s, size_t len);

/* The ServerSignature of the AuthMessage s[0..len), into signature[0..SCRAM_KEY). */
void scram_sign(
    const struct scram *scram, unsigned char *signature, const char *s, size_t len);

/*
 * Fill scram as for somebody who does not exist: always the same for the same secret and
 * name, so that nobody can tell.
 */
void scram_pretend(struct scram *scram, const char *secret, size_t secret_len,
    const char *name, size_t len);

#endif
