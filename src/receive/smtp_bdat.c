#include <string.h>
#include <strings.h>

#include "lib/text.h"
#include "receive/smtp_bdat.h"
#include "receive/smtp_message.h"
#include "receive/smtp_reply.h"

#define CHUNK_DIGITS_MAX 20   /* RFC 3030, 2 */
#define DRAINED_MAX 100000000 /* bytes of refused chunks, without control/databytes */

int
smtp_chunk_parse(struct smtp_chunk *chunk, const char *s, size_t len)
{
	const char *blank = memchr(s, ' ', len);
	size_t digits = blank ? (size_t)(blank - s) : len;

	size_t at = digits;

	while (at < len && s[at] == ' ')
		at++;
	chunk->is_last = len - at == 4 && !strncasecmp(s + at, "LAST", 4);
	chunk->is_sound = at == len || chunk->is_last;
	return digits <= CHUNK_DIGITS_MAX && text_number(s, digits, -1ULL, &chunk->size);
}

/* Once a chunk is refused the message can't become whole: all that follow are. */
static void
fail(struct smtp_session *session, const char *reply, int is_last)
{
	struct smtp_transaction *t = &session->transaction;

	/* It was too early, or nobody is to have it: RCPT may come yet, as after DATA. */
	if (t->chunks == SMTP_CHUNKS_NONE && smtp_message_obstacle(session)) {
		smtp_session_complain(session, reply);
		if (is_last && t->refused)
			smtp_session_reset(session);
		return;
	}
	if (t->chunks == SMTP_CHUNKS_FAILED) {
		/* Many may be on their way: they are no new mistakes. */
		smtp_channel_say(&session->channel, reply, NULL);
		session->strikes += SMTP_STRIKES_REFUSAL;
	} else {
		smtp_session_refuse(session, reply, NULL, NULL);
		t->failure.len = 0;
		text_cat(&t->failure, reply, NULL);
		text_terminate(&t->failure);
	}
	t->chunks = SMTP_CHUNKS_FAILED;
	if (is_last)
		smtp_session_reset(session);
	else
		smtp_transfer_abort(&session->transfer);
}

/* Before the chunk is read: null, or the reply that will refuse it. */
static const char *
prepare(struct smtp_session *session)
{
	const char *reply;

	switch (session->transaction.chunks) {
	case SMTP_CHUNKS_BEGUN:
		return NULL;
	case SMTP_CHUNKS_FAILED:
		return session->transaction.failure.s;
	default:
		reply = smtp_message_obstacle(session);
		if (!reply)
			reply = smtp_message_begin(session);
		if (!reply)
			session->transaction.chunks = SMTP_CHUNKS_BEGUN;
		return reply;
	}
}

static void
acknowledge(struct smtp_session *session, unsigned long long size)
{
	char octets[DECIMAL_MAX];

	smtp_channel_say(
	    &session->channel, REPLY_CHUNK, text_decimal(octets, size), " octets", NULL);
}

/*
 * Chunks that can't be taken are read all the same, but not without end.  Does this one
 * go too far?
 */
static int
is_too_much(
    struct smtp_session *session, const char *reply, const struct smtp_chunk *chunk)
{
	unsigned long long max = DRAINED_MAX;

	if (!chunk->size && !chunk->is_last && ++session->idle > SMTP_IDLE_MAX)
		session->strikes += SMTP_STRIKES_SYNTAX;
	if (session->databytes && session->transaction.begun)
		max = session->databytes > -1ULL / 2 ? -1ULL : 2 * session->databytes;
	if (!reply && (!session->databytes || chunk->size <= session->databytes))
		return 0;
	if (session->drained > max || chunk->size > max - session->drained)
		return 1;
	session->drained += chunk->size;
	return 0;
}

/* The chunk is there; reply is what refuses it, or null. */
static void
answer(struct smtp_session *session, const struct smtp_chunk *chunk, const char *reply)
{
	if (!reply && chunk->is_last)
		smtp_transfer_end_chunks(&session->transfer);
	if (!reply)
		reply = smtp_message_fault(session);
	if (reply) {
		fail(session, reply, chunk->is_last);
	} else if (chunk->is_last) {
		smtp_message_conclude(session);
		smtp_transfer_release(&session->transfer, &session->channel);
		smtp_session_reset(session);
	} else {
		acknowledge(session, chunk->size);
	}
}

void
smtp_bdat(struct smtp_session *session, const char *argument, size_t len)
{
	struct smtp_chunk chunk;
	const char *reply;
	ssize_t r;

	if (!smtp_chunk_parse(&chunk, argument, len)) {
		/* Where the next command begins is not known. */
		smtp_session_complain(session, REPLY_BDAT_SYNTAX REPLY_BDAT_CLOSING);
		session->ending = "malformed BDAT";
		return;
	}
	reply = prepare(session);
	if (!reply && !chunk.is_sound)
		reply = REPLY_BDAT_SYNTAX;
	if (is_too_much(session, reply, &chunk)) {
		fail(session, reply ? reply : REPLY_TOO_LARGE, chunk.is_last);
		smtp_channel_say(&session->channel, REPLY_TOO_MUCH, NULL);
		session->ending = "too much refused";
		return;
	}
	r = smtp_transfer_chunk(&session->transfer, &session->channel, chunk.size);
	if (r != 1) {
		smtp_session_lose(session, r);
		smtp_session_reset(session);
		return;
	}
	answer(session, &chunk, reply);
}
