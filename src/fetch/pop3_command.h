#ifndef FETCH_POP3_COMMAND_H
#define FETCH_POP3_COMMAND_H

/* A command line of POP3, read and taken apart. */

#include <stddef.h>

/*
 * Bytes of a command line, its end included.  RFC 2449, 4 says 255, but an address may
 * have 320 and the credentials of checkpassword 512.
 */
#define POP3_LINE_MAX 600

/* Both are C strings inside the line that was parsed. */
struct pop3_command {
	const char *verb;
	const char *argument; /* all that follows the first blank; null without a blank */
};

/*
 * Split the line s[0..len), which has no "\n" any more, and for which there is room for a
 * \0 at s[len].  One "\r" at its end is dropped.  Returns 1, or 0 when it holds a \0 or
 * another "\r".
 */
int pop3_command_parse(struct pop3_command *command, char *s, size_t len);

/*
 * The decimal numbers, blanks between them, that argument (may be null) consists
 * of.  Returns how many, or -1 when there is anything else or more than max.  Numbers
 * beyond what counts messages or lines become the largest one.
 */
int pop3_command_numbers(const char *argument, unsigned long long *numbers, int max);

/*
 * What both programs answer to CAPA (RFC 2449), the final dot included: can TLS be begun
 * (RFC 2595), and is a password taken now?
 */
const char *pop3_command_capabilities(int tls, int password);

#endif
