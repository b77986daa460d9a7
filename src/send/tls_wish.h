#ifndef SEND_TLS_WISH_H
#define SEND_TLS_WISH_H

/* What the header of a message says of TLS. */

#include "send/mail_source.h"

#define TLS_WISH_BYTES 65536 /* of a header that are looked at */

struct tls_wish {
	int is_optional; /* "TLS-Required: no": RFC 8689, 4.2.1 */
	int is_report;   /* of TLS failures, RFC 8460, 5.3: none is told of it */
};

/* Learn from the header of the message; one that can't be read says nothing. */
void tls_wish_read(struct tls_wish *wish, const struct mail_source *mail);

/* Learn from a line of a header, without its end. */
void tls_wish_take(struct tls_wish *wish, const char *line, size_t len);

#endif
