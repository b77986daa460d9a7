#ifndef WAY_TLS_RESULT_H
#define WAY_TLS_RESULT_H

/* What came of TLS, noted for the reports of RFC 8460: tls-report(8). */

#include "way/way_security.h"

/* One session, or one that was not begun. */
struct tls_result {
	const struct way_security *security;
	const char *host;
	const char *ip;     /* its address, or "" */
	const char *own_ip; /* ours, or "" */
	const char *result; /* a word of RFC 8460, 4.3, or of tls(5); "": it succeeded */
	const char *text;   /* why it did not, for people */
};

/*
 * Note it, if control/tlsreport names who reports, the host is an MX host, and the admin
 * has not forbidden TLS.  What can't be noted is lost: no mail waits for it.
 */
void tls_result_note(const struct way_settings *settings, const struct tls_result *r);

#endif
