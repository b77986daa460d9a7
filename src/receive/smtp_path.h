#ifndef RECEIVE_SMTP_PATH_H
#define RECEIVE_SMTP_PATH_H

#include <stddef.h>

enum smtp_path_kind {
	SMTP_PATH_NULL,    /* <> */
	SMTP_PATH_LOCAL,   /* <postmaster>: a local part alone */
	SMTP_PATH_MAILBOX, /* <local@domain> */
};

/* What stands between the brackets, without the source route; points into the text. */
struct smtp_path {
	enum smtp_path_kind kind;
	const char *address;
	size_t len;
};

/*
 * The Path of RFC 5321, 4.1.2 at the beginning of s[0..len).  Returns the bytes it takes,
 * brackets included, or 0 when it is malformed.
 */
size_t smtp_path_scan(const char *s, size_t len, struct smtp_path *path);

/* One KEYWORD or KEYWORD=VALUE; points into the text. */
struct smtp_parameter {
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
int smtp_parameter_next(
    const char *s, size_t len, size_t *at, struct smtp_parameter *parameter);

/* Is the parameter's keyword this one, in any case? */
int smtp_parameter_is(const struct smtp_parameter *parameter, const char *keyword);

#endif
