#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/address.h"
#include "lib/envelope.h"
#include "lib/heap.h"
#include "lib/text.h"
#include "milter/milter_edit.h"
#include "milter/milter_packet.h"

static size_t
name_length(const char *s, size_t len)
{
	const char *colon = memchr(s, ':', len);
	size_t n = colon != NULL ? (size_t)(colon - s) : 0;

	while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'))
		n--;
	return n;
}

/* Make room for a field at index, and put s[0..len) there. */
static void
insert(struct milter_edit *e, size_t index, const char *s, size_t len, int is_hidden)
{
	struct milter_field *f;

	e->fields = heap_grow(e->fields, e->count, sizeof *e->fields);
	f = e->fields + index;
	memmove(f + 1, f, (e->count - index) * sizeof *f);
	e->count++;
	*f = (struct milter_field){.s = heap_make(len + 1, 1),
	    .len = len,
	    .name_len = name_length(s, len),
	    .is_hidden = is_hidden};
	memcpy(f->s, s, len);
}

void
milter_edit_field(struct milter_edit *e, const char *s, size_t len, int is_hidden)
{
	insert(e, e->count, s, len, is_hidden);
}

/* The name of a field: RFC 5322, 3.6.8. */
static int
is_name(const char *s)
{
	size_t i;

	for (i = 0; s[i] != '\0'; i++)
		if (s[i] <= ' ' || s[i] >= 127 || s[i] == ':')
			return 0;
	return i > 0;
}

/* "Name: value\n", the value's line ends LF, and each further line a folded one. */
static void
make_field(stralloc *out, const char *name, const char *value)
{
	const char *s;

	text_cat(
	    out, name, ":", *value == ' ' || *value == '\t' ? "" : " ", (char *)NULL);
	for (s = value; *s != '\0'; s++) {
		if (*s == '\r')
			continue;
		text_catb(out, s, 1);
		if (*s == '\n' && s[1] != ' ' && s[1] != '\t' && s[1] != '\r')
			text_cat(out, "\t", (char *)NULL);
	}
	while (out->len > 0 && strchr("\n\t ", out->s[out->len - 1]) != NULL)
		out->len--;
	text_cat(out, "\n", (char *)NULL);
}

/* The index of the nth field of that name, 1 the first; count when there is none. */
static size_t
find(const struct milter_edit *e, const char *name, uint32_t n)
{
	size_t i;

	for (i = 0; i < e->count; i++)
		if (!e->fields[i].is_hidden && e->fields[i].s != NULL &&
		    e->fields[i].name_len == strlen(name) &&
		    strncasecmp(e->fields[i].s, name, strlen(name)) == 0 && --n == 0)
			return i;
	return e->count;
}

static void
delete_field(struct milter_edit *e, size_t i)
{
	free(e->fields[i].s);
	e->count--;
	memmove(e->fields + i, e->fields + i + 1, (e->count - i) * sizeof *e->fields);
}

/* The place of a field that is to be the nth of those shown, 0 the first. */
static size_t
place(const struct milter_edit *e, uint32_t n)
{
	size_t i, shown = 0;

	for (i = 0; i < e->count; i++)
		if (!e->fields[i].is_hidden && shown++ == n)
			return i;
	return e->count;
}

static int
add_header(struct milter_edit *e, struct milter_packet_reader *r, size_t at)
{
	const char *name, *value;
	stralloc field = {0};

	if (!milter_packet_string(r, &name) || !milter_packet_string(r, &value) ||
	    !is_name(name))
		return 0;
	make_field(&field, name, value);
	insert(e, at, field.s, field.len, 0);
	stralloc_free(&field);
	return 1;
}

static int
change_header(struct milter_edit *e, struct milter_packet_reader *r)
{
	struct milter_packet_reader again;
	const char *name, *value;
	uint32_t n;
	size_t i;

	if (!milter_packet_number(r, &n))
		return 0;
	again = *r;
	if (!milter_packet_string(r, &name) || !milter_packet_string(r, &value) ||
	    !is_name(name))
		return 0;
	i = find(e, name, n > 0 ? n : 1);
	if (i < e->count)
		delete_field(e, i);
	/* what is not there is added, unless it was to be deleted */
	return *value == '\0' || add_header(e, &again, i);
}

/* An address, perhaps in brackets. */
static int
take_address(stralloc *out, const char *s, int may_be_null)
{
	size_t len = strlen(s);

	if (len >= 2 && s[0] == '<' && s[len - 1] == '>') {
		s++;
		len -= 2;
	}
	if (!(len == 0 && may_be_null) && !address_is_mailbox(s, len))
		return 0;
	text_catb(out, s, len);
	text_catb(out, "", 1);
	return 1;
}

static int
change_sender(struct milter_edit *e, const char *s)
{
	e->new_sender.len = 0;
	if (!take_address(&e->new_sender, s, 1))
		return 0;
	e->sender = &e->new_sender;
	return 1;
}

/* A body comes with CRLF; here it stands with LF. */
static int
replace_body(struct milter_edit *e, const char *s, size_t len)
{
	size_t i;

	if (!e->is_replaced && spool_begin(&e->body) == -1)
		e->error = errno;
	e->is_replaced = 1;
	if (e->error != 0)
		return 1;
	for (i = 0; i < len; i++) {
		if (e->was_cr && s[i] != '\n')
			spool_put(&e->body, "\r", 1);
		e->was_cr = s[i] == '\r';
		if (!e->was_cr)
			spool_put(&e->body, s + i, 1);
	}
	return 1;
}

int
milter_edit_note(struct milter_edit *e, char command, const char *s, size_t len)
{
	struct milter_packet_reader r = {s, len};
	const char *first;
	uint32_t n;

	switch (command) {
	case MILTER_ADD_HEADER:
		return add_header(e, &r, e->count);
	case MILTER_INSERT_HEADER:
		return milter_packet_number(&r, &n) && add_header(e, &r, place(e, n));
	case MILTER_CHANGE_HEADER:
		return change_header(e, &r);
	case MILTER_REPLACE_BODY:
		return replace_body(e, s, len);
	}
	if (!milter_packet_string(&r, &first))
		return 0;
	switch (command) {
	case MILTER_ADD_RCPT:
	case MILTER_ADD_RCPT_PARAMETERS:
		return e->added_count++ < MILTER_EDIT_RCPT_MAX &&
		       take_address(&e->added, first, 0);
	case MILTER_DELETE_RCPT:
		return take_address(&e->deleted, first, 0);
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

void
milter_edit_put_header(const struct milter_edit *e, stralloc *out)
{
	size_t i;

	for (i = 0; i < e->count; i++)
		text_catb(out, e->fields[i].s, e->fields[i].len);
}

static int
is_in(const stralloc *list, const char *address)
{
	stralloc a = {0}, b = {0};
	const char *s;
	int found = 0;

	address_key(&a, address, strlen(address));
	for (s = list->s; !found && s < list->s + list->len; s += strlen(s) + 1) {
		address_key(&b, s, strlen(s));
		found = a.len == b.len && memcmp(a.s, b.s, a.len) == 0;
	}
	stralloc_free(&a);
	stralloc_free(&b);
	return found;
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

int
milter_edit_put_envelope(const struct milter_edit *e, stralloc *out, char *s, size_t len)
{
	struct envelope all = {0};
	size_t i, count = 0;
	const char *added;

	if (envelope_parse(&all, s, len) != ENVELOPE_OK)
		return -1;
	envelope_begin(out, e->sender != NULL ? e->sender->s : all.sender);
	for (i = 0; i < all.message_parameters; i++)
		envelope_put_parameter(
		    out, all.parameters[i].name, all.parameters[i].value);
	if (e->quarantine.len > 0)
		envelope_put_parameter(out, "HOLD", e->quarantine.s);
	for (i = 0; i < all.count; i++)
		if (!is_in(&e->deleted, all.recipients[i].address)) {
			put_recipient(out, &all, i);
			count++;
		}
	for (added = e->added.s; added < e->added.s + e->added.len;
	     added += strlen(added) + 1) {
		envelope_put_recipient(out, added);
		count++;
	}
	envelope_end(out);
	envelope_free(&all);
	return count > 0;
}
