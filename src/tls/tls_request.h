#ifndef TLS_TLS_REQUEST_H
#define TLS_TLS_REQUEST_H

#include <stddef.h>

#define TLS_REQUEST_MAX 65536  /* bytes of its content */
#define TLS_TIMEOUT_DEFAULT 60 /* seconds for a handshake */
#define TLS_TIMEOUT_MAX 600
#define TLS_NAME_MAX 255 /* bytes of a host name; of an ALPN protocol: RFC 7301, 3.1 */
#define TLS_KEY_MAX 1024 /* bytes of what a session is kept under, or of ciphers */
#define TLS_MATCHES 32   /* that one request may have */
#define TLS_RECORDS 64
#define TLS_FINGERPRINTS 16
#define TLS_FINGERPRINT_LEN 64 /* hexadecimal digits of SHA-256 */

enum tls_side { TLS_SIDE_NONE, TLS_SIDE_SERVER, TLS_SIDE_CLIENT };

/* How a server is judged. */
enum tls_verify {
	TLS_VERIFY_NONE,
	TLS_VERIFY_PKIX,
	TLS_VERIFY_DANE,
	TLS_VERIFY_FINGERPRINT,
};

/* A TLSA record: RFC 6698, 2.1.  hex is ended by the end of the record. */
struct tls_record {
	unsigned usage;
	unsigned selector;
	unsigned type;
	const char *hex;
};

/* What is wanted of tls.sock: tls(5).  The strings are inside the parsed bytes. */
struct tls_request {
	enum tls_side side;
	unsigned timeout;       /* seconds */
	int no_tickets;         /* a session is not to be resumed */
	int has_passed_clear;   /* a second descriptor is for the clear text */
	const char *alpn;       /* the one protocol that is spoken, or null */
	const char *servername; /* of the server we are the client of, or null */
	enum tls_verify verify; /* how to judge that server */
	int needs_1_3;          /* no older version than TLS 1.3 */
	const char *ciphers;    /* for TLS 1.2, as OpenSSL writes them, or null */
	const char *session;    /* what to keep the session under, or null */
	const char *matches[TLS_MATCHES]; /* names, one of which the server must have */
	size_t matches_n;
	struct tls_record records[TLS_RECORDS];
	size_t records_n;
	const char *fingerprints[TLS_FINGERPRINTS]; /* in hexadecimal */
	size_t fingerprints_n;
};

/*
 * Parse the records NAME=VALUE\0 in s[0..len), a request's content.  Returns null, or
 * what is wrong.  A name that is not known is wrong: what it asks for must not be
 * forgotten in silence; and so is a server's judgement without what it needs.
 */
const char *tls_request_parse(struct tls_request *request, const char *s, size_t len);

#endif
