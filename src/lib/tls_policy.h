#ifndef LIB_TLS_POLICY_H
#define LIB_TLS_POLICY_H

/* What TLS the admin wants on the way to a destination: control/tlspolicy. */

#include <stddef.h>

#define TLS_POLICY_NAME_MAX 255
#define TLS_POLICY_HEX 64     /* digits of SHA-256 */
#define TLS_POLICY_NAMES 32   /* of one line, as of a request of tls(5) */
#define TLS_POLICY_DIGESTS 16 /* the same */

enum tls_policy_level {
	TLS_POLICY_NONE,
	TLS_POLICY_MAY,
	TLS_POLICY_ENCRYPT,
	TLS_POLICY_VERIFY,
	TLS_POLICY_DANE,
	TLS_POLICY_FINGERPRINT,
};

/* A line; the strings are inside it. */
struct tls_policy {
	const char *pattern; /* a domain, .DOMAIN or * */
	size_t pattern_len;
	enum tls_policy_level level;
	unsigned min_version;     /* 12 or 13; 0: not said */
	const char *names;        /* of match=, with commas between them, or null */
	const char *fingerprints; /* of sha256=, with commas between them, or null */
};

/*
 * Parse PATTERN LEVEL [NAME=VALUE...], a line of control/tlspolicy.  Returns null, or
 * what is wrong.
 */
const char *tls_policy_parse(struct tls_policy *p, const char *line);

/*
 * Find what holds for the domain, in ASCII, among lines (each ended by \0, as
 * control_list gives them): its own line, else the one of the longest ".parent", else
 * "*"; the first of equal ones.  Case and a trailing dot say nothing.  Returns the line;
 * or null.
 */
const char *tls_policy_find(const char *lines, size_t len, const char *domain);

/* Is it the line for all, "*", that says nothing of a destination? */
int tls_policy_is_general(const char *line);

/*
 * The next of the values of names or fingerprints into value, of max bytes; fingerprints
 * without the colons that openssl writes.  Returns 1; or 0 when there is none.
 */
int tls_policy_next(const char **list, char *value, size_t max);

#endif
