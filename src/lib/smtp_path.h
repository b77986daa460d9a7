#ifndef LIB_SMTP_PATH_H
#define LIB_SMTP_PATH_H

/* The paths and parameters of MAIL and RCPT, taken apart. */

#include <stddef.h>

#include "lib/address.h"

enum smtp_path_kind {
	SMTP_PATH_NULL,    /* <> */
	SMTP_PATH_LOCAL,   /* <postmaster>: a local part alone */
	SMTP_PATH_MAILBOX, /* <local@domain> */
};

/* What stands between the brackets, without the source route. */
struct smtp_path {
	enum smtp_path_kind kind;
	size_t len;
	/* in its canonical form, a C string; quotes may have been added */
	char address[ADDRESS_MAX + 1];
	int is_bare;     /* the brackets are missing */
	int is_dotted;   /* the local part has dots that want quotes, and now has them */
	int has_end_dot; /* the domain had one, which is gone */
};

/*
 * The Path of RFC 5321, 4.1.2 at the beginning of s[0..len), also one in the forms above
 * that the RFC has not.  Returns the bytes it takes, brackets included, or 0 when it is
 * malformed.
 */
size_t smtp_path_scan(const char *s, size_t len, struct smtp_path *path);

/* One KEYWORD or KEYWORD=VALUE; points into the text. */
struct smtp_path_parameter {
	const char *keyword;
	size_t keyword_len;
	const char *value; /* null when there is no '=' */
	size_t value_len;
};

/*
 * The next parameter of MAIL or RCPT (RFC 5321, 4.1.2: Mail-parameters) in s[*at..len),
 * with the blanks before it; *at moves past it.  Returns 1, 0 at the end, -1 when
 * malformed.
 */
int smtp_path_parameter_next(
    const char *s, size_t len, size_t *at, struct smtp_path_parameter *parameter);

/* Is the parameter's keyword this one, in any case? */
int smtp_path_parameter_is(
    const struct smtp_path_parameter *parameter, const char *keyword);

#endif
