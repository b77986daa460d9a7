#include <string.h>

#include "lib/envelope.h"
#include "lib/exchange.h"
#include "lib/netstring_scan.h"
#include "lib/text.h"

#define KEPT 16384 /* bytes of memory that a client keeps between its messages */

/* What its content may have, at the place where the netstring stands. */
static size_t
most(const struct exchange *e)
{
	switch (e->expects) {
	case EXCHANGE_BEGIN:
		return EXCHANGE_REQUEST_MAX;
	case EXCHANGE_BODY:
		return EXCHANGE_CHUNK_MAX;
	default:
		return ENVELOPE_MAX;
	}
}

static stralloc *
target(struct exchange *e)
{
	return e->expects == EXCHANGE_BODY ? &e->message : &e->text;
}

/* Does what is held stay small with so many bytes more? */
static int
has_room(struct exchange *e)
{
	return e->unbound || e->expects == EXCHANGE_BEGIN ||
	       target(e)->len + e->left <= EXCHANGE_SMALL;
}

/* Take of the length and its colon.  Returns the bytes taken, 0 for nonsense. */
static size_t
take_length(struct exchange *e, const char *s, size_t len)
{
	size_t n = sizeof e->length - e->length_len, before = e->length_len;
	ssize_t r;

	if (n > len)
		n = len;
	memcpy(e->length + before, s, n);
	r = netstring_scan_length(e->length, before + n, most(e), &e->left);
	if (r == -1)
		return 0;
	if (r == 0) {
		e->length_len += n;
		return n;
	}
	e->length_len = 0;
	e->in_content = 1;
	return (size_t)r - before;
}

static size_t
take_content(struct exchange *e, const char *s, size_t len)
{
	stralloc *sa = target(e);
	size_t n = e->left < len ? e->left : len;

	/* what is to be held gets its room at once; an envelope may claim much, so not
	 * all */
	if (sa->a < sa->len + e->left && e->left <= EXCHANGE_SMALL)
		text_room(sa, sa->len + e->left + 1);
	text_catb(sa, s, n);
	if (e->expects == EXCHANGE_BODY)
		e->message_len += n;
	e->left -= n;
	return n;
}

static enum exchange_event
begin(struct exchange *e)
{
	const char *s = e->text.s;
	size_t len = e->text.len;

	if (len == 0)
		return EXCHANGE_BAD;
	if (*s != 'M')
		return EXCHANGE_REQUEST;
	if (len != 1 && len != 1 + QUEUEID_LEN)
		return EXCHANGE_BAD;
	memcpy(e->id, s + 1, len - 1);
	e->id[len - 1] = '\0';
	if (len > 1 && !queueid_is(e->id))
		return EXCHANGE_BAD;
	e->message_len = 0;
	e->message.len = e->text.len = 0;
	e->expects = EXCHANGE_BODY;
	return EXCHANGE_MORE;
}

/* The netstring is whole. */
static enum exchange_event
end_netstring(struct exchange *e)
{
	e->in_content = 0;
	switch (e->expects) {
	case EXCHANGE_BEGIN:
		return begin(e);
	case EXCHANGE_BODY:
		if (e->empty)
			e->expects = EXCHANGE_ENVELOPE;
		return EXCHANGE_MORE;
	default:
		return EXCHANGE_MESSAGE;
	}
}

/* Go on in the content.  Returns the bytes taken. */
static size_t
go_on(struct exchange *e, const char *s, size_t len, enum exchange_event *event)
{
	size_t n = 0;

	if (!has_room(e)) {
		*event = EXCHANGE_LARGE;
		return 0;
	}
	if (e->left > 0)
		n = take_content(e, s, len);
	if (n == len || e->left > 0)
		return n;
	if (s[n] != ',') {
		*event = EXCHANGE_BAD;
		return n;
	}
	*event = end_netstring(e);
	return n + 1;
}

size_t
exchange_take(struct exchange *e, const char *s, size_t len, enum exchange_event *event)
{
	size_t at = 0, n;

	*event = EXCHANGE_MORE;
	while (at < len && *event == EXCHANGE_MORE) {
		if (e->in_content) {
			at += go_on(e, s + at, len - at, event);
			continue;
		}
		n = take_length(e, s + at, len - at);
		if (n == 0)
			*event = EXCHANGE_BAD;
		e->empty = e->left == 0;
		at += n;
	}
	return at;
}

int
exchange_is_begun(const struct exchange *e)
{
	return e->expects != EXCHANGE_BEGIN || e->in_content || e->length_len > 0;
}

static void
clear(stralloc *sa)
{
	sa->len = 0;
	if (sa->a > KEPT)
		stralloc_free(sa);
}

void
exchange_clear(struct exchange *e)
{
	e->expects = EXCHANGE_BEGIN;
	e->in_content = 0;
	e->length_len = e->left = 0;
	e->message_len = 0;
	e->id[0] = '\0';
	clear(&e->message);
	clear(&e->text);
}

void
exchange_free(struct exchange *e)
{
	stralloc_free(&e->message);
	stralloc_free(&e->text);
}
