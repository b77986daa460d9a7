#include <string.h>

#include <errmsg.h>

#include "lib/text.h"
#include "policy/relay_transaction.h"

/*
 * Most messages are no larger: a mailbox with room for so many bytes, when MAIL has not
 * told how many there are, need not be asked again.
 */
#define USUAL_SIZE 65536

void
relay_transaction_begin(
    struct relay_transaction *t, const char *s, size_t len, unsigned long long size)
{
	text_setb(&t->sender, s, len);
	t->size = size;
	relay_room_clear(&t->room);
}

static void
ask_mailbox(struct relay_transaction *t, unsigned long long size)
{
	const stralloc *recipient = &t->recipient;

	relay_mailbox_ask(&t->mailbox, recipient->s, recipient->len, size);
	t->asked = size;
	t->asks = RELAY_TRANSACTION_RECIPIENT;
}

/* Yes, and room for so many bytes. */
static void
put_room(const struct relay_transaction *t, unsigned long long size, stralloc *out)
{
	char digits[DECIMAL_MAX];

	text_cat(out, "K", (char *)NULL);
	if (t->heeds_room && size > 0)
		text_cat(out, "room=", text_decimal(digits, size), (char *)NULL);
}

/* What refuses a recipient for want of room, and no message of any size: RFC 5321 */
static int
lacks_room(const char *s, size_t len)
{
	return len > 4 && (memcmp(s, "Z452", 4) == 0 || memcmp(s, "D552", 4) == 0);
}

static void
take_recipient(struct relay_transaction *t, const char *s, size_t len, stralloc *out)
{
	const stralloc *recipient = &t->recipient;

	if (lacks_room(s, len) && t->asked != t->size) {
		ask_mailbox(t, t->size);
		return;
	}
	if (*s != 'K') {
		text_catb(out, s, len);
		return;
	}
	relay_room_add(&t->room, recipient->s, recipient->len, t->asked);
	put_room(t, t->asked, out);
}

/* The mailbox has said this, or, where s is null, nothing. */
static void
take_answer(struct relay_transaction *t, const char *s, size_t len, stralloc *out)
{
	int asks = t->asks;

	t->asks = RELAY_TRANSACTION_NOTHING;
	if (s == NULL) {
		carpsys("unable to ask run/check.sock");
		text_cat(out, RELAY_TRANSACTION_TROUBLE, (char *)NULL);
		return;
	}
	if (asks == RELAY_TRANSACTION_RECIPIENT) {
		take_recipient(t, s, len, out);
		return;
	}
	relay_room_take(&t->room, s, len);
	if (relay_room_next(&t->room, &t->mailbox, out))
		t->asks = RELAY_TRANSACTION_ROOM;
}

int
relay_transaction_go_on(struct relay_transaction *t, stralloc *out)
{
	static stralloc answer; /* a cache */
	int r;

	while (t->asks != RELAY_TRANSACTION_NOTHING) {
		answer.len = 0;
		r = relay_mailbox_go_on(&t->mailbox, &answer);
		if (r == 0)
			return 0;
		take_answer(t, r == 1 ? answer.s : NULL, answer.len, out);
	}
	return 1;
}

void
relay_transaction_ask(struct relay_transaction *t, const char *s, size_t len)
{
	text_setb(&t->recipient, s, len);
	ask_mailbox(t, t->size > 0 ? t->size : USUAL_SIZE);
}

void
relay_transaction_add_elsewhere(struct relay_transaction *t, stralloc *out)
{
	relay_room_add_elsewhere(&t->room);
	put_room(t, RELAY_ROOM_ANY, out);
}

void
relay_transaction_ask_room(
    struct relay_transaction *t, unsigned long long size, int is_ours, stralloc *out)
{
	if (size <= t->room.sure) {
		text_cat(out, "K", (char *)NULL);
		return;
	}
	relay_room_ask(&t->room, size, is_ours);
	if (relay_room_next(&t->room, &t->mailbox, out))
		t->asks = RELAY_TRANSACTION_ROOM;
}

void
relay_transaction_free(struct relay_transaction *t)
{
	relay_room_free(&t->room);
	relay_mailbox_leave(&t->mailbox);
	stralloc_free(&t->sender);
	stralloc_free(&t->recipient);
}
