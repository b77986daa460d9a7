#include <string.h>
#include <strings.h>

#include "lib/text.h"
#include "receive/smtp_bdat.h"
#include "receive/smtp_message.h"
#include "receive/smtp_reply.h"

#define CHUNK_DIGITS_MAX 20 /* RFC 3030, 2 */

int
smtp_chunk_parse(struct smtp_chunk *chunk, const char *s, size_t len)
{
	const char *blank = memchr(s, ' ', len);
	size_t digits = blank ? (size_t)(blank - s) : len;

	chunk->is_last = blank != NULL;
	if (blank && (len - digits != 5 || strncasecmp(blank, " LAST", 5)))
		return 0;
	return digits <= CHUNK_DIGITS_MAX && text_number(s, digits, -1ULL, &chunk->size);
}

/* Once a chunk is refused the message can't become whole: all that follow are. */
static void
fail(struct smtp_session *session, const char *reply, int is_last)
{
	struct smtp_transaction *t = &session->transaction;

	if (!t->begun) {
		smtp_session_complain(session, reply);
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

void
smtp_bdat(struct smtp_session *session, const char *argument, size_t len)
{
	struct smtp_chunk chunk;
	const char *reply;
	ssize_t r;

	if (!smtp_chunk_parse(&chunk, argument, len)) {
		/* Where the next command begins is not known. */
		smtp_session_complain(session, REPLY_BDAT_SYNTAX);
		session->ending = "malformed BDAT";
		return;
	}
	reply = prepare(session);
	r = smtp_transfer_chunk(&session->transfer, &session->channel, chunk.size);
	if (r != 1) {
		smtp_session_lose(session, r);
		smtp_session_reset(session);
		return;
	}
	if (!reply && chunk.is_last)
		smtp_transfer_end_chunks(&session->transfer);
	if (!reply)
		reply = smtp_message_fault(session);
	if (reply) {
		fail(session, reply, chunk.is_last);
	} else if (chunk.is_last) {
		smtp_message_conclude(session);
		smtp_transfer_release(&session->transfer, &session->channel);
		smtp_session_reset(session);
	} else {
		acknowledge(session, chunk.size);
	}
}
