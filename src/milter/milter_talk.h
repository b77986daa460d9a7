#ifndef MILTER_MILTER_TALK_H
#define MILTER_MILTER_TALK_H

/* The talk with a milter: what is said of a message, and what it answers. */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

/* How far a session has come; it is told before anything later is. */
enum milter_stage {
	MILTER_STAGE_NONE,
	MILTER_STAGE_OPEN, /* options have been agreed upon */
	MILTER_STAGE_CONNECTED,
	MILTER_STAGE_GREETED,
	MILTER_STAGE_MAIL,
	MILTER_STAGE_RCPT, /* a recipient is good */
	MILTER_STAGE_DATA,
};

/* What it has said of the connection or of the message. */
enum milter_verdict {
	MILTER_VERDICT_NONE, /* go on */
	MILTER_VERDICT_ACCEPTED,
	MILTER_VERDICT_DISCARDED,
	MILTER_VERDICT_REFUSED, /* reply says how */
};

/* What may be handed from one process to another, with fd. */
struct milter_state {
	enum milter_stage stage;
	uint32_t version, actions, steps; /* agreed upon */
	uint32_t skipped;                 /* steps, for the rest of this message */
	int is_done_with_all;             /* it accepts what this connection brings */
	int is_done_with_message;         /* accepted already, or discarded */
	int is_discarded;
};

struct milter_talk {
	int fd; /* -1: not connected */
	unsigned seconds;
	struct milter_state state;
	stralloc reply;  /* of a refusal: "550 5.7.1 text", a C string */
	const char *why; /* what went wrong, a constant; errno says more, or is 0 */
	stralloc out, heard;
	size_t taken; /* of heard */
};

/* With fd -1 and zeroed else, to begin with. */

/*
 * Connect to address, inet:HOST:PORT (HOST an address), inet6:..., or unix:PATH, and
 * agree upon options.  Returns 0, or -1 with why.
 */
int milter_talk_open(struct milter_talk *t, const char *address);

/*
 * Tell of the connection, as far as the environment knows it, and of the HELO name.  All
 * that follow return a verdict, or -1 with why, and then the connection is closed.
 */
int milter_talk_connect(struct milter_talk *t);
int milter_talk_helo(struct milter_talk *t, const char *name);

/*
 * Of the sender, or a recipient: an address without brackets, and its parameters, words
 * with blanks between, as the client gave them.  id is the message's.
 */
int milter_talk_mail(
    struct milter_talk *t, const char *id, const char *address, const char *parameters);
int milter_talk_rcpt(struct milter_talk *t, const char *address, const char *parameters);
int milter_talk_data(struct milter_talk *t);

/* Of a field of the header: its name, and what is behind the colon without its last LF.
 */
int milter_talk_header(struct milter_talk *t, const char *name, const char *value);
int milter_talk_header_end(struct milter_talk *t);

/* Of a piece of the body, with CRLF, at most MILTER_PACKET_BODY bytes. */
int milter_talk_body(struct milter_talk *t, const char *s, size_t len);

/*
 * It is over.  each is called with each thing that is to be changed; what it makes of it
 * is its own business, but 0 says that it is malformed.  Returns as above.
 */
int milter_talk_end(struct milter_talk *t, const char *id,
    int (*each)(void *whose, char command, const char *s, size_t len), void *whose);

/* The message comes to nothing.  The next one may begin. */
void milter_talk_abort(struct milter_talk *t);

/* Say that it is over, and close. */
void milter_talk_close(struct milter_talk *t);

#endif
