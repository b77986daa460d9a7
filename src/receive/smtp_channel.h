#ifndef RECEIVE_SMTP_CHANNEL_H
#define RECEIVE_SMTP_CHANNEL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define SMTP_LINE_MAX 12288   /* of any line but those of a message: RFC 4954, 4 */
#define SMTP_INPUT_SIZE 65536 /* of a read in DATA; pages never touched cost nothing */
#define SMTP_LINE_TLS 2       /* of smtp_channel_line */
#define SMTP_LINE_HEAD 16     /* what is known of a longer one */
#define SMTP_OUTPUT_SIZE 2048
#define SMTP_PAGE 4096

/*
 * The client: its bytes, waiting in input[start..end), and our replies, waiting in
 * output[0..used) until we would have to wait for the client (RFC 2920).
 */
struct smtp_channel {
	int in;
	int out;
	unsigned
	    timeout; /* seconds for one command line, one piece of data or one reply */
	int reads_in_time; /* the sockets themselves stop waiting after timeout */
	int writes_in_time;
	int64_t until; /* the end of the whole session, in the time of deadline_now */
	int broken;    /* errno of a reply that could not be written */
	size_t start;
	size_t end;
	size_t used;
	char head[SMTP_LINE_HEAD]; /* of a line that is too long */
	char output[SMTP_OUTPUT_SIZE];
	_Alignas(SMTP_PAGE) char input[SMTP_INPUT_SIZE];
};

/*
 * Begin to talk on in and out, for at most whole seconds (0: without end); ch is zeroed.
 */
void smtp_channel_open(
    struct smtp_channel *ch, int in, int out, unsigned timeout, unsigned whole);

/* How many seconds of the session are left, at most those for a step; 0 when none are. */
unsigned smtp_channel_seconds(const struct smtp_channel *ch);

/* Has the time for the whole session come? */
int smtp_channel_expired(const struct smtp_channel *ch);

/*
 * The next line, without its "\n" but with the "\r" before it, in *line, valid until the
 * next call here.  LINE_OK, LINE_EOF, LINE_ERROR with errno (ETIMEDOUT), or
 * LINE_LONG when it was over SMTP_LINE_MAX and has been read to its end: *line is then
 * its beginning, at least SMTP_LINE_HEAD bytes.  SMTP_LINE_TLS when a TLS handshake
 * begins instead, which may have no line end.
 */
int smtp_channel_line(struct smtp_channel *ch, const char **line, size_t *len);

/*
 * Write the replies that wait, then read more behind input[start..end), so that it holds
 * at most max bytes.  Returns the bytes read, 0 at the end, -1 with errno.
 */
ssize_t smtp_channel_fill(struct smtp_channel *ch, size_t max);

/* Add the strings up to a null pointer, and CRLF, to the replies that wait. */
void smtp_channel_say(struct smtp_channel *ch, ...) __attribute__((sentinel));

/* Forget what the client has said and was not yet looked at. */
void smtp_channel_discard(struct smtp_channel *ch);

/* Write the replies that wait.  Returns 0, or -1 with errno. */
int smtp_channel_flush(struct smtp_channel *ch);

/*
 * Write the replies that wait and say that there are no more, then let the client finish,
 * for a short time: to close at once on what it still sends could take our last reply
 * from it.
 */
void smtp_channel_linger(struct smtp_channel *ch);

#endif
