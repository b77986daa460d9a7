#ifndef LIB_NEXT_HOP_H
#define LIB_NEXT_HOP_H

/* A server to which mail may be handed over, as an admin writes it. */

#include <stddef.h>

#define NEXT_HOP_HOST_MAX 255
#define NEXT_HOP_PORT_SMTPS 465

enum next_hop_kind {
	NEXT_HOP_DOMAIN, /* the MX hosts of the recipient's domain, after all */
	NEXT_HOP_MX,     /* those of the domain host */
	NEXT_HOP_SMTP,
	NEXT_HOP_SMTPS, /* TLS from the first byte */
	NEXT_HOP_LMTP,
	NEXT_HOP_LMTP_PATH, /* host is the path of a socket */
};

struct next_hop {
	enum next_hop_kind kind;
	char host[NEXT_HOP_HOST_MAX + 1]; /* brackets removed */
	unsigned port;                    /* 0: the usual one */
};

/*
 * Parse one hop: HOST, HOST:PORT, mx!DOMAIN, smtps://HOST, smtps://HOST:PORT,
 * lmtp://HOST:PORT, lmtp:///PATH; or :PORT or nothing.  HOST is a name, an IPv4 address,
 * or an address in brackets.  Returns 1, or 0 when it is malformed.
 */
int next_hop_parse(struct next_hop *hop, const char *s, size_t len);

/*
 * Take the first of the hops that stand in *s, a C string, with blanks between, and move
 * *s behind it.  Returns 1; 0 when there is none any more; -1 when it is malformed.
 */
int next_hop_take(struct next_hop *hop, const char **s);

/*
 * What a list of hops says in place of them: the text behind "fail", with which mail is
 * refused, perhaps "".  Null when it is a list of hops.
 */
const char *next_hop_refusal(const char *hops);

/*
 * Take such a text apart: status is set to the enhanced status code at its beginning, or
 * the one of a refusal without one; returns the rest, never empty.
 */
#define NEXT_HOP_STATUS_MAX 12
const char *next_hop_refusal_text(const char *text, char status[NEXT_HOP_STATUS_MAX]);

/* Is all of the list of hops well-formed?  For checks beforehand. */
int next_hop_are(const char *hops);

#endif
