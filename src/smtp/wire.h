#ifndef SMTP_WIRE_H
#define SMTP_WIRE_H

/* The connection to the client, with its input and our replies buffered. */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/output.h"

#define WIRE_LINE_MAX 12288   /* of any line but those of a message: RFC 4954, 4 */
#define WIRE_INPUT_SIZE 65536 /* of a read in DATA; pages never touched cost nothing */
#define WIRE_LINE_TLS 2       /* of wire_line */
#define WIRE_LINE_HEAD 16     /* what is known of a longer one */
#define WIRE_OUTPUT_SIZE 2048

/*
 * The client: its bytes, waiting in input[start..end), and our replies, waiting in out
 * until we would have to wait for the client (RFC 2920).
 */
struct wire {
	int in;
	struct output out;
	/* seconds for one command line, one piece of data or one reply */
	unsigned timeout;
	unsigned
	    silence;    /* the socket itself stops waiting after so many; 0: it doesn't */
	int is_watched; /* that it vanishes would be noticed: lib/keepalive */
	void (*rest)(void *whose); /* what to do when the client is silent, or null */
	void *whose;
	int64_t until; /* the end of the whole session, in the time of deadline_now */
	int64_t early; /* that of a stranger's; 0: it is none any more */
	size_t start;
	size_t end;
	char head[WIRE_LINE_HEAD]; /* of a line that is too long */
	char replies[WIRE_OUTPUT_SIZE];
	char input[WIRE_INPUT_SIZE];
};

/*
 * Begin to talk on in and out, for at most whole seconds (0: without end); ch is zeroed.
 */
void wire_open(struct wire *ch, int in, int out, unsigned timeout, unsigned whole);

/* For at most seconds, unless wire_settle is called before. */
void wire_hurry(struct wire *ch, unsigned seconds);

/* The client has shown what it has come for. */
void wire_settle(struct wire *ch);

/* Has the time come that wire_hurry set? */
int wire_hurried(const struct wire *ch);

/* How many seconds of the session are left, at most those for a step; 0 when none are. */
unsigned wire_seconds(const struct wire *ch);

/* Has the time for the whole session come? */
int wire_expired(const struct wire *ch);

/*
 * The next line, without its "\n" but with the "\r" before it, in *line, valid until the
 * next call here.  LINE_OK, LINE_EOF, LINE_ERROR with errno (ETIMEDOUT), or
 * LINE_LONG when it was over WIRE_LINE_MAX and has been read to its end: *line is then
 * its beginning, at least WIRE_LINE_HEAD bytes.  WIRE_LINE_TLS when a TLS handshake
 * begins instead, which may have no line end.
 */
int wire_line(struct wire *ch, const char **line, size_t *len);

/*
 * Write the replies that wait, then read more behind input[start..end), so that it holds
 * at most max bytes.  Returns the bytes read, 0 at the end, -1 with errno.
 */
ssize_t wire_fill(struct wire *ch, size_t max);

/* Add the strings up to a null pointer, and CRLF, to the replies that wait. */
void wire_say(struct wire *ch, ...) __attribute__((sentinel));

/* Forget what the client has said and was not yet looked at. */
void wire_discard(struct wire *ch);

/* Write the replies that wait.  Returns 0, or -1 with errno. */
int wire_flush(struct wire *ch);

/*
 * Write the replies that wait and say that there are no more, then let the client finish,
 * for a short time: to close at once on what it still sends could take our last reply
 * from it.
 */
void wire_linger(struct wire *ch);

#endif
