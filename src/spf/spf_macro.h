#ifndef SPF_SPF_MACRO_H
#define SPF_SPF_MACRO_H

/* The macros of SPF: RFC 7208, 7. */

#include <stddef.h>

/* A macro-expand: RFC 7208, 7.1. */
struct spf_macro {
	char letter; /* in lower case; or the character behind '%' */
	int is_url;  /* it was in upper case */
	int is_reversed;
	size_t parts; /* from the right; 0: all */
	const char *delimiters;
	size_t delimiters_len;
	size_t len; /* of all */
};

/*
 * Is s[0..len) a domain-spec, macro-string, explain-string of RFC 7208, 7.1?
 */
int spf_macro_is_domain(const char *s, size_t len);
int spf_macro_is_string(const char *s, size_t len);
int spf_macro_is_explanation(const char *s, size_t len);

/* Does one of these letters, in lower case, stand as a macro in s[0..len), which is one
 * of these? */
int spf_macro_uses(const char *s, size_t len, const char *letters);

/* The macro at s[0..len), which begins with '%'.  Returns 1, or 0 when there is none. */
int spf_macro_read(struct spf_macro *m, const char *s, size_t len);

#endif
