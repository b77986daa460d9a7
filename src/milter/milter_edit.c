#include <errno.h>
#include <string.h>

#include "lib/address.h"
#include "lib/envelope.h"
#include "lib/text.h"
#include "milter/milter_edit.h"
#include "milter/milter_packet.h"

/* The name and the value of a field.  Returns 1, or 0. */
static int
take_field(struct milter_packet_reader *r, const char **name, const char **value)
{
	return milter_packet_string(r, name) && milter_packet_string(r, value);
}

/* An address, perhaps in brackets, or a name by itself, which is one of our domain. */
static int
take_address(const struct milter_edit *e, stralloc *out, const char *s, int may_be_null)
{
	size_t len = strlen(s);
	stralloc address = {0};
	int is_one;

	if (len >= 2 && s[0] == '<' && s[len - 1] == '>') {
		s++;
		len -= 2;
	}
	text_catb(&address, s, len);
	if (len > 0 && e->domain != NULL && memchr(s, '@', len) == NULL)
		text_cat(&address, "@", e->domain, (char *)NULL);
	is_one = (len == 0 && may_be_null) || address_is_mailbox(address.s, address.len);
	if (is_one) {
		text_catb(out, address.s, address.len);
		text_catb(out, "", 1);
	}
	stralloc_free(&address);
	return is_one;
}

/* Is the address in a list of some, each ended by \0? */
static int
is_in(const stralloc *list, const char *address)
{
	stralloc a = {0}, b = {0};
	const char *s;
	size_t at;
	int found = 0;

	address_key(&a, address, strlen(address));
	for (at = 0; !found && at < list->len; at += strlen(s) + 1) {
		s = list->s + at;
		address_key(&b, s, strlen(s));
		found = a.len == b.len && memcmp(a.s, b.s, a.len) == 0;
	}
	stralloc_free(&a);
	stralloc_free(&b);
	return found;
}

/* It may be one that it has added itself. */
static int
delete_recipient(struct milter_edit *e, const char *s)
{
	stralloc it = {0}, rest = {0};
	const char *added;
	size_t at;
	int is_one = take_address(e, &it, s, 0);

	for (at = 0; is_one && at < e->added.len; at += strlen(added) + 1) {
		added = e->added.s + at;
		if (!is_in(&it, added))
			text_catb(&rest, added, strlen(added) + 1);
	}
	if (is_one) {
		text_catb(&e->deleted, it.s, it.len);
		e->added.len = 0;
		text_catb(&e->added, rest.s, rest.len);
	}
	stralloc_free(&it);
	stralloc_free(&rest);
	return is_one;
}

static int
change_sender(struct milter_edit *e, const char *s)
{
	e->new_sender.len = 0;
	if (!take_address(e, &e->new_sender, s, 1))
		return 0;
	e->sender = &e->new_sender;
	return 1;
}

/* A body comes with CRLF; here it stands with LF. */
static int
replace_body(struct milter_edit *e, const char *s, size_t len)
{
	const char *cr;
	size_t i, n;

	if (!e->is_replaced) {
		e->last = -1;
		if (spool_begin(&e->body) == -1)
			e->error = errno;
	}
	e->is_replaced = 1;
	if (e->error != 0)
		return 1;
	if (e->body.length > MILTER_EDIT_BODY_MAX)
		return 0;
	for (i = 0; i < len; i += n) {
		if (e->last == '\r' && s[i] != '\n')
			spool_put(&e->body, "\r", 1);
		cr = memchr(s + i, '\r', len - i);
		n = cr != NULL ? (size_t)(cr - s) - i : len - i;
		spool_put(&e->body, s + i, n);
		n += cr != NULL;
		e->last = (unsigned char)s[i + n - 1];
	}
	return 1;
}

int
milter_edit_end(struct milter_edit *e)
{
	if (!e->is_replaced)
		return 0;
	if (e->error == 0 && e->last == '\r')
		spool_put(&e->body, "\r", 1);
	/* the last line is one, too, as it is of a message that has come by SMTP */
	if (e->error == 0 && e->last != '\n' && e->last != -1)
		spool_put(&e->body, "\n", 1);
	if (e->error == 0 && spool_end(&e->body) == -1)
		e->error = errno;
	errno = e->error;
	return e->error == 0 ? 0 : -1;
}

int
milter_edit_note(struct milter_edit *e, char command, const char *s, size_t len)
{
	struct milter_packet_reader r = {s, len};
	const char *first, *name, *value;
	uint32_t n;

	switch (command) {
	case MILTER_ADD_HEADER:
		return take_field(&r, &name, &value) &&
		       milter_fields_add(&e->header, name, value);
	case MILTER_INSERT_HEADER:
		return milter_packet_number(&r, &n) && take_field(&r, &name, &value) &&
		       milter_fields_insert(&e->header, n, name, value);
	case MILTER_CHANGE_HEADER:
		return milter_packet_number(&r, &n) && take_field(&r, &name, &value) &&
		       milter_fields_change(&e->header, n, name, value);
	case MILTER_REPLACE_BODY:
		return replace_body(e, s, len);
	}
	if (!milter_packet_string(&r, &first))
		return 0;
	switch (command) {
	case MILTER_ADD_RCPT:
	case MILTER_ADD_RCPT_PARAMETERS:
		return e->added_count++ < MILTER_EDIT_RCPT_MAX &&
		       take_address(e, &e->added, first, 0);
	case MILTER_DELETE_RCPT:
		return delete_recipient(e, first);
	case MILTER_CHANGE_SENDER:
		return change_sender(e, first);
	case MILTER_QUARANTINE:
		e->quarantine.len = 0;
		text_cat_printable(&e->quarantine, first, strlen(first), 200);
		if (e->quarantine.len == 0)
			text_cat(&e->quarantine, "quarantined by a milter", (char *)NULL);
		text_terminate(&e->quarantine);
		return 1;
	}
	return 0;
}

/* The recipient i, with what belongs to him. */
static void
put_recipient(stralloc *out, const struct envelope *all, size_t i)
{
	const struct envelope_recipient *r = &all->recipients[i];
	size_t k;

	for (k = r->first; k < r->first + r->parameters; k++)
		envelope_put_notice(
		    out, all->parameters[k].name, all->parameters[k].value);
	envelope_put_recipient(out, r->address);
}

/* Those that are added, unless they are there: kept.  Returns how many. */
static size_t
put_added(const struct milter_edit *e, stralloc *out, stralloc *kept)
{
	const char *s;
	size_t count = 0, at;

	for (at = 0; at < e->added.len; at += strlen(s) + 1) {
		s = e->added.s + at;
		if (is_in(kept, s))
			continue;
		envelope_put_recipient(out, s);
		text_catb(kept, s, strlen(s) + 1);
		count++;
	}
	return count;
}

int
milter_edit_put_envelope(const struct milter_edit *e, stralloc *out, char *s, size_t len)
{
	stralloc kept = {0};
	struct envelope all = {0};
	size_t i, count = 0;

	if (envelope_parse(&all, s, len) != ENVELOPE_OK)
		return -1;
	envelope_begin(out, e->sender != NULL ? e->sender->s : all.sender);
	for (i = 0; i < all.message_parameters; i++)
		envelope_put_parameter(
		    out, all.parameters[i].name, all.parameters[i].value);
	if (e->quarantine.len > 0)
		envelope_put_parameter(out, "HOLD", e->quarantine.s);
	for (i = 0; i < all.count; i++) {
		const char *address = all.recipients[i].address;

		if (e->deleted.len > 0 && is_in(&e->deleted, address))
			continue;
		put_recipient(out, &all, i);
		if (e->added.len > 0)
			text_catb(&kept, address, strlen(address) + 1);
		count++;
	}
	count += put_added(e, out, &kept);
	envelope_end(out);
	envelope_free(&all);
	stralloc_free(&kept);
	return count > 0;
}
