#ifndef WAY_WAY_SECURITY_H
#define WAY_WAY_SECURITY_H

/* What protection the way to a host must have, and who says so. */

#include <stralloc.h>

#include "lib/mx_list.h"
#include "lib/outcome.h"
#include "lib/resolver.h"
#include "way/way_settings.h"

enum way_security_level {
	WAY_SECURITY_NONE,    /* no TLS, whatever the server offers */
	WAY_SECURITY_MAY,     /* TLS where it is offered, clear text else */
	WAY_SECURITY_ENCRYPT, /* TLS, whoever the peer is */
	WAY_SECURITY_VERIFY,  /* its certificate is an authority's, for a name of names */
	WAY_SECURITY_DANE,    /* its certificate fits a record of tlsa */
	WAY_SECURITY_FINGERPRINT, /* its certificate or key is one of fingerprints */
};

enum way_security_sts {
	WAY_SECURITY_STS_ABSENT, /* the domain has no policy, or the admin's goes first */
	WAY_SECURITY_STS_NONE,
	WAY_SECURITY_STS_TESTING,
	WAY_SECURITY_STS_ENFORCE,
};

/* Zeroed to begin with, used again. */
struct way_security {
	enum way_security_level level; /* as it counts in the end */
	unsigned min_version;          /* 12 or 13 for TLS 1.2 or 1.3; 0: not said */
	stralloc names;        /* that the certificate may have, each ended by \0 */
	stralloc tlsa;         /* "USAGE SELECTOR TYPE HEX" each, ended by \0 */
	stralloc fingerprints; /* SHA-256 in hexadecimal digits, each ended by \0 */
	int is_unusable;       /* DANE's records can't be used: encrypt, no more */
	enum way_security_sts sts;
	char sts_id[33];
	int sts_fits; /* the host is in the policy: in testing it need not be */
	char
	    sts_result[32]; /* why no policy could be fetched, RFC 8460, 4.3.2.2, or "" */
	int is_required_only; /* REQUIRETLS alone wants TLS, which nobody promised */
	int has_password;     /* one may be said there */
	int is_mx;            /* found by the MX records of the domain */
	stralloc
	    why; /* who says so, for people: a C string, "control/tlspolicy line 3" */
	stralloc
	    fault_result; /* the word of TLSRPT where no session is to begin, or "" */
	char domain[MX_NAME_MAX + 1]; /* whose policy it is */
};

/* The host for which a policy is sought. */
struct way_security_question {
	const struct way_settings *settings;
	struct resolver *resolver; /* open */
	const char *domain;        /* the recipient's, or the one of a route mx!DOMAIN */
	const char *recipients;    /* the domain of the recipients; or null: as domain */
	const char *host;          /* an MX host, or the one that a route names */
	unsigned port;
	int is_route;     /* the admin named the host, or the domain whose MX it is */
	int is_mx;        /* found by the MX records of the domain: MTA-STS may apply */
	int is_smtps;     /* TLS from the first byte: no less than encrypt */
	int is_secure;    /* the MX records were signed, and so was the way to the name */
	int requires_tls; /* REQUIRETLS (RFC 8689) */
	int is_tls_optional; /* "TLS-Required: no" in the message (RFC 8689) */
};

/*
 * Find the policy for a host: control/tlspolicy, then DANE, then MTA-STS; and a password
 * that is to be sent there.  Returns 0; or
 * -1 with fault, when no mail may go there now.
 */
int way_security_find(
    struct way_security *s, const struct way_security_question *q, struct outcome *fault);

/*
 * Append to the key of a destination what of the policy depends on the recipients' domain
 * only, lest mail for one domain goes in a session that was begun for another.
 */
void way_security_key(
    stralloc *key, const struct way_settings *settings, const char *domain);

/* What a level is called: none, may, encrypt... */
const char *way_security_word(enum way_security_level level);

#endif
