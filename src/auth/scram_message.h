#ifndef AUTH_SCRAM_MESSAGE_H
#define AUTH_SCRAM_MESSAGE_H

/* The parsing of what a client of SCRAM says. */

#include <stddef.h>

#include "lib/address.h"
#include "lib/scram.h"

#define SCRAM_MESSAGE_MAX 2048
#define SCRAM_NONCE_MAX 256 /* characters of a client's nonce */

/* What a client says first (RFC 5802, 7: client-first-message); points into the text. */
struct scram_first {
	char binding;             /* 'p', 'y' or 'n' */
	const char *binding_type; /* after 'p' */
	size_t binding_type_len;
	size_t header_len; /* gs2-header: the bare message follows it */
	const char *nonce;
	size_t nonce_len;
	char name[ADDRESS_MAX + 1];       /* decoded */
	char authorised[ADDRESS_MAX + 1]; /* the authzid, decoded; empty: none */
};

/* Parse s[0..len).  Returns 1, or 0 when it is malformed or asks for an extension. */
int scram_message_first_parse(struct scram_first *first, const char *s, size_t len);

/* What a client says last (client-final-message); points into the text. */
struct scram_final {
	const char *channel; /* base64 */
	size_t channel_len;
	const char *nonce;
	size_t nonce_len;
	size_t unproved_len; /* client-final-message-without-proof */
	unsigned char proof[SCRAM_KEY];
};

/* Parse s[0..len).  Returns 1, or 0 when it is malformed. */
int scram_message_final_parse(struct scram_final *final, const char *s, size_t len);

#endif
