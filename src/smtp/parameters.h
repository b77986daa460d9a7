#ifndef SMTP_PARAMETERS_H
#define SMTP_PARAMETERS_H

/* The parameters of MAIL and RCPT. */

#include <stddef.h>

#define PARAMETERS_ENVID_MAX 100 /* RFC 3461, 5.4 */
#define PARAMETERS_ORCPT_MAX 500 /* RFC 3461, 5.4 */
#define PARAMETERS_NOTIFY_MAX 28 /* RFC 3461, 5.4; and its 0 */

/* What the parameters of MAIL say; pointers into the text or to constants. */
struct parameters_mail {
	int has_size;
	unsigned long long size; /* RFC 1870; 0: not told */
	const char *body;        /* RFC 6152: "7BIT" or "8BITMIME"; null: not told */
	int is_utf8;             /* SMTPUTF8: RFC 6531 */
	const char *ret;         /* RFC 3461: "FULL" or "HDRS"; null: not told */
	const char *envid;       /* RFC 3461: xtext, as it was given; null: not told */
	size_t envid_len;
	int requires_tls; /* RFC 8689 */
	const char *auth; /* RFC 4954, 5: xtext, as it was given; null: not told */
	size_t auth_len;
	int has_odd_auth; /* it was no address, and is <> now */
};

/* What the parameters of RCPT say. */
struct parameters_rcpt {
	char notify[PARAMETERS_NOTIFY_MAX +
		    1];    /* RFC 3461, in upper case; empty: not told */
	const char *orcpt; /* RFC 3461, as it was given; null: not told */
	size_t orcpt_len;
};

/*
 * Read the parameters s[0..len) of MAIL, with the blanks before each.  is_secure: the
 * session is under TLS, so REQUIRETLS may be asked for.  Returns null, or the reply that
 * refuses them.
 */
const char *parameters_mail_read(
    struct parameters_mail *m, const char *s, size_t len, int is_secure);

/* The same for RCPT; is_utf8: MAIL said SMTPUTF8, so ORCPT may hold UTF-8 (RFC 6533, 3).
 */
const char *parameters_rcpt_read(
    struct parameters_rcpt *r, const char *s, size_t len, int is_utf8);

/* Take the wish for reports of success away; NEVER is what NOTIFY=SUCCESS becomes. */
void parameters_drop_success(struct parameters_rcpt *r);

#endif
