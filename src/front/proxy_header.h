#ifndef FRONT_PROXY_HEADER_H
#define FRONT_PROXY_HEADER_H

#include <netinet/in.h>
#include <stddef.h>

/* The PROXY protocol of HAProxy, versions 1 and 2. */

#define PROXY_BEGIN                                                                      \
	12 /* bytes that both versions have at least, and that tell them apart */
#define PROXY_V1_MAX 107  /* bytes of a header of version 1, CRLF included */
#define PROXY_V2_FIXED 16 /* bytes of a header of version 2 that tell its length */
#define PROXY_V2_MAX 2048 /* bytes of one that we take, TLVs included */

#define PROXY_PORT_MAX 6

/* One end of the connection, or empty when the proxy does not tell. */
struct proxy_end {
	char ip[INET6_ADDRSTRLEN];
	char port[PROXY_PORT_MAX];
};

struct proxy_header {
	struct proxy_end source;
	struct proxy_end destination;
	int is_local; /* the proxy speaks for itself: it looks whether we are well */
};

/* Which version s[0..len), at most PROXY_BEGIN bytes, begins: 1, 2, or 0 for neither. */
int proxy_header_version(const char *s, size_t len);

/*
 * Parse s[0..len), a whole header of version 1, CRLF included; UNKNOWN leaves the ends
 * empty.  Returns 1, or 0 when it is malformed.
 */
int proxy_header_parse_v1(struct proxy_header *header, const char *s, size_t len);

/* How many bytes the header of version 2 has that begins with s; 0 when that is wrong. */
size_t proxy_header_v2_length(const char s[PROXY_V2_FIXED]);

/*
 * Parse s[0..len), a whole header of version 2; LOCAL and UNSPEC leave the ends empty.
 * Returns 1, or 0 when it is malformed, or of a protocol other than TCP.
 */
int proxy_header_parse_v2(struct proxy_header *header, const char *s, size_t len);

#endif
