#include <string.h>
#include <strings.h>

#include "lib/text.h"
#include "smtp/bdat.h"
#include "smtp/reception.h"
#include "smtp/reply.h"

#define CHUNK_DIGITS_MAX 20   /* RFC 3030, 2 */
#define DRAINED_MAX 100000000 /* bytes of refused chunks, without control/databytes */

int
bdat_chunk_parse(struct bdat_chunk *chunk, const char *s, size_t len)
{
	const char *blank = memchr(s, ' ', len);
	size_t digits = blank != NULL ? (size_t)(blank - s) : len;

	size_t at = digits;

	while (at < len && s[at] == ' ')
		at++;
	chunk->is_last = len - at == 4 && strncasecmp(s + at, "LAST", 4) == 0;
	chunk->is_sound = at == len || chunk->is_last;
	return digits <= CHUNK_DIGITS_MAX && text_number(s, digits, -1ULL, &chunk->size);
}

/* Once a chunk is refused the message can't become whole: all that follow are. */
static void
fail(struct session *session, const char *reply, int is_last)
{
	struct session_transaction *t = &session->transaction;

	/* It was too early, or nobody is to have it: RCPT may come yet, as after DATA. */
	if (t->chunks == SESSION_CHUNKS_NONE && reception_obstacle(session) != NULL) {
		session_complain(session, reply);
		if (is_last && t->refused)
			session_reset(session);
		return;
	}
	if (t->chunks == SESSION_CHUNKS_FAILED) {
		/* Many may be on their way: they are no new mistakes. */
		wire_say(&session->channel, reply, (char *)NULL);
		session->strikes += SESSION_STRIKES_REFUSAL;
	} else {
		session_refuse(session, reply, NULL, NULL);
		text_set(&t->failure, reply);
	}
	t->chunks = SESSION_CHUNKS_FAILED;
	if (is_last)
		session_reset(session);
	else
		transfer_abort(&session->transfer);
}

/* Before the chunk is read: null, or the reply that will refuse it. */
static const char *
prepare(struct session *session)
{
	const char *reply;

	switch (session->transaction.chunks) {
	case SESSION_CHUNKS_BEGUN:
		return NULL;
	case SESSION_CHUNKS_FAILED:
		return session->transaction.failure.s;
	default:
		reply = reception_obstacle(session);
		if (reply == NULL)
			reply = reception_begin(session);
		if (reply == NULL)
			session->transaction.chunks = SESSION_CHUNKS_BEGUN;
		return reply;
	}
}

/*
 * Chunks that can't be taken are read all the same, but not without end.  Does this one
 * go too far?
 */
static int
is_too_much(struct session *session, const char *reply, const struct bdat_chunk *chunk)
{
	unsigned long long max = DRAINED_MAX;

	if (!chunk->size && !chunk->is_last && ++session->idle > SESSION_IDLE_MAX)
		session->strikes += SESSION_STRIKES_SYNTAX;
	if (session->databytes && session->transaction.begun)
		max = session->databytes > -1ULL / 2 ? -1ULL : 2 * session->databytes;
	if (reply == NULL && (!session->databytes || chunk->size <= session->databytes))
		return 0;
	if (session->drained > max || chunk->size > max - session->drained)
		return 1;
	session->drained += chunk->size;
	return 0;
}

/* The chunk is there; reply is what refuses it, or null. */
static void
answer(struct session *session, const struct bdat_chunk *chunk, const char *reply)
{
	char octets[DECIMAL_MAX];

	if (reply == NULL && chunk->is_last)
		transfer_end_chunks(&session->transfer);
	if (reply == NULL)
		reply = reception_fault(session);
	if (reply != NULL) {
		fail(session, reply, chunk->is_last);
	} else if (chunk->is_last) {
		reception_conclude(session);
		transfer_release(&session->transfer, &session->channel);
		session_reset(session);
	} else {
		wire_say(&session->channel, REPLY_CHUNK,
		    text_decimal(octets, chunk->size), " octets", (char *)NULL);
	}
}

void
bdat(struct session *session, const char *argument, size_t len)
{
	struct bdat_chunk chunk;
	const char *reply;
	ssize_t r;

	if (!bdat_chunk_parse(&chunk, argument, len)) {
		/* Where the next command begins is not known. */
		session_complain(session, REPLY_BDAT_SYNTAX REPLY_BDAT_CLOSING);
		session->ending = "malformed BDAT";
		return;
	}
	reply = prepare(session);
	if (reply == NULL && !chunk.is_sound)
		reply = REPLY_BDAT_SYNTAX;
	if (is_too_much(session, reply, &chunk)) {
		fail(session, reply != NULL ? reply : REPLY_TOO_LARGE, chunk.is_last);
		wire_say(&session->channel, REPLY_TOO_MUCH, (char *)NULL);
		session->ending = "too much refused";
		return;
	}
	r = transfer_chunk(&session->transfer, &session->channel, chunk.size);
	if (r != 1) {
		session_lose(session, r);
		session_reset(session);
		return;
	}
	answer(session, &chunk, reply);
}
