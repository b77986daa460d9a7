#ifndef SPF_SPF_EXPAND_H
#define SPF_SPF_EXPAND_H

/* The macros of SPF replaced by what they stand for: RFC 7208, 7.3. */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

/* What they stand for: C strings. */
struct spf_expand_values {
	const char *sender; /* with its local part and domain apart */
	const char *local;
	const char *sender_domain;
	const char *domain;    /* that is being looked at */
	const char *validated; /* the client's name, or "unknown" */
	const char *helo;
	const char *receiver;
	unsigned char ip[16]; /* the client's, IPv4 as ::ffff:a.b.c.d */
	int64_t time;         /* seconds since 1970 */
};

/* Append s[0..len), which spf_macro.h has looked at, to sa with its macros expanded. */
void spf_expand(
    stralloc *sa, const char *s, size_t len, const struct spf_expand_values *values);

#endif
