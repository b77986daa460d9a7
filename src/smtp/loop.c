#include <errno.h>
#include <string.h>

#include <errmsg.h>

#include "lib/address.h"
#include "lib/envelope.h"
#include "lib/text.h"
#include "lib/users.h"
#include "smtp/loop.h"
#include "smtp/reply.h"

#define ADDRESSES_MAX 1000 /* looked at behind those of the envelope */

/* The addresses that a message is for, each a C string, behind them their aliases'
 * targets. */
struct search {
	struct users *users;
	const struct header_watch *header;
	stralloc addresses;
};

/* Is it a lone mailbox?  Its mail is put there, and nobody looks where it has been. */
static int
is_only_mailbox(struct search *s, const stralloc *targets)
{
	struct user target = {0};
	int r;

	if (targets->len == 0 || strlen(targets->s) + 1 != targets->len)
		return 0;
	r = users_find(s->users, targets->s, targets->len - 1, &target);
	r = r == 1 ? target.kind == USER_MAILBOX : r;
	stralloc_free(&target.address);
	stralloc_free(&target.targets);
	return r;
}

/* Add where else the mail of the address goes, as local-deliver sends it there.  0, or
 * -1. */
static int
add_targets(struct search *s, const char *address)
{
	struct user user = {0};
	int r = users_find(s->users, address, strlen(address), &user), only = 0;

	if (r == 1 && user.kind == USER_ALIAS)
		only = is_only_mailbox(s, &user.targets);
	if (r == 1 && only == 0)
		text_catb(&s->addresses, user.targets.s, user.targets.len);
	stralloc_free(&user.address);
	stralloc_free(&user.targets);
	return r == -1 || only == -1 ? -1 : 0;
}

/* Is the address ours, and has the message been there?  1, 0, or -1. */
static int
is_looping(struct search *s, const char *address)
{
	size_t len = strlen(address), domain = address_domain(address, len);
	int is_ours = users_domain(s->users, address + domain, len - domain);

	if (is_ours != 1)
		return is_ours;
	if (header_watch_loops(s->header, address))
		return 1;
	return add_targets(s, address);
}

/* The same of one of the recipients, or of one that an alias leads to. */
static int
has_been_there(struct users *users, const struct envelope *envelope,
    const struct header_watch *header)
{
	struct search s = {users, header, {0}};
	stralloc address = {0};
	size_t i, at, most = envelope->count + ADDRESSES_MAX;
	int r = 0;

	for (i = 0; i < envelope->count; i++)
		text_catb(&s.addresses, envelope->recipients[i].address,
		    strlen(envelope->recipients[i].address) + 1);
	for (i = at = 0; r == 0 && i < most && at < s.addresses.len; i++) {
		address.len = 0;
		text_cat(&address, s.addresses.s + at, (char *)NULL);
		text_terminate(&address);
		at += address.len + 1;
		r = is_looping(&s, address.s);
	}
	stralloc_free(&address);
	stralloc_free(&s.addresses);
	return r;
}

/* 1, 0, or -1 after having logged why it is not known. */
static int
loops(const stralloc *records, const struct header_watch *header)
{
	struct users users = {.fd = -1};
	struct envelope envelope = {0};
	stralloc copy = {0};
	int r;

	if (users_open(&users) == -1) {
		if (errno == ENOENT)
			return 0; /* nothing is ours */
		carpsys("unable to open ", USERS_CDB);
		return -1;
	}
	text_catb(&copy, records->s, records->len);
	envelope_end(&copy);
	r = envelope_parse(&envelope, copy.s, copy.len) == ENVELOPE_OK
		? has_been_there(&users, &envelope, header)
		: 0;
	if (r == -1)
		carpsys("unable to read ", USERS_CDB);
	envelope_free(&envelope);
	stralloc_free(&copy);
	users_close(&users);
	return r;
}

const char *
loop_find(const struct session *session)
{
	const struct header_watch *header = &session->transfer.data.header;

	if (header->deliveries == 0)
		return NULL;
	switch (loops(&session->transaction.envelope, header)) {
	case 0:
		return NULL;
	case 1:
		return REPLY_DELIVERED;
	}
	return REPLY_OUR_FAULT;
}
