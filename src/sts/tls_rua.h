#ifndef STS_TLS_RUA_H
#define STS_TLS_RUA_H

/* Where a domain wants reports: the record of RFC 8460, 3. */

#include <stddef.h>

#include <stralloc.h>

#define TLS_RUA_MAX 10 /* places of a domain that are sent to */

/*
 * Append where the TXT record s[0..len) wants reports, "mailto:ADDRESS" or "https://..."
 * each, ended by \0.  Returns 1; 0 when it is no such record; -1 when it is malformed, or
 * names no place that can be used.  Dies with DEFER when memory is short.
 */
int tls_rua_parse(stralloc *places, const char *s, size_t len);

#endif
