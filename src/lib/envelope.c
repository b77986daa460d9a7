#include <stdlib.h>
#include <string.h>

#include "lib/envelope.h"
#include "lib/heap.h"
#include "lib/text.h"
#include "lib/visible.h"

int
envelope_is_visible(const struct envelope *e)
{
	size_t i;

	if (!visible_are(e->sender, strlen(e->sender)))
		return 0;
	for (i = 0; i < e->count; i++)
		if (!visible_are(
			e->recipients[i].address, strlen(e->recipients[i].address)))
			return 0;
	return 1;
}

static int
is_address(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < ' ' || *s == 127)
			return 0;
	return 1;
}

/* A P or N record: name=value, split in place. */
static int
add_parameter(struct envelope *e, char *s)
{
	char *equals = strchr(s, '=');

	if (equals == NULL || equals == s || !is_address(s))
		return ENVELOPE_MALFORMED;
	*equals = '\0';
	e->parameters =
	    heap_grow(e->parameters, e->all_parameters, sizeof(*e->parameters));
	e->parameters[e->all_parameters].name = s;
	e->parameters[e->all_parameters].value = equals + 1;
	e->all_parameters++;
	return ENVELOPE_OK;
}

static void
add_recipient(struct envelope *e, const char *address, size_t first)
{
	e->recipients = heap_grow(e->recipients, e->count, sizeof(*e->recipients));
	e->recipients[e->count].address = address;
	e->recipients[e->count].first = first;
	e->recipients[e->count].parameters = e->all_parameters - first;
	e->count++;
}

/* One record s of len bytes, after the sender's. */
static int
add_record(struct envelope *e, char *s, size_t len, size_t *first)
{
	switch (s[0]) {
	case 'P':
		if (e->count > 0 || e->all_parameters > e->message_parameters)
			return ENVELOPE_MALFORMED;
		e->message_parameters++;
		*first = e->message_parameters;
		return add_parameter(e, s + 1);
	case 'N':
		return add_parameter(e, s + 1);
	case 'T':
		if (len - 1 > ENVELOPE_ADDRESS_MAX)
			return ENVELOPE_LONG;
		if (len == 1 || !is_address(s + 1))
			return ENVELOPE_MALFORMED;
		add_recipient(e, s + 1, *first);
		*first = e->all_parameters;
		return ENVELOPE_OK;
	default:
		return ENVELOPE_MALFORMED;
	}
}

int
envelope_parse(struct envelope *e, char *s, size_t len)
{
	size_t i = 0, record, first = 0;
	char *end;
	int r;

	e->sender = NULL;
	e->count = e->message_parameters = e->all_parameters = 0;
	while (i < len) {
		end = memchr(s + i, '\0', len - i);
		if (end == NULL)
			break;
		record = (size_t)(end - (s + i));
		if (record == 0) {
			if (i + 1 != len || e->sender == NULL || e->count == 0 ||
			    first != e->all_parameters)
				return ENVELOPE_MALFORMED;
			return ENVELOPE_OK;
		}
		if (e->sender == NULL) {
			if (s[i] != 'F' || !is_address(s + i + 1))
				return ENVELOPE_MALFORMED;
			if (record - 1 > ENVELOPE_ADDRESS_MAX)
				return ENVELOPE_LONG;
			e->sender = s + i + 1;
		} else {
			r = add_record(e, s + i, record, &first);
			if (r != ENVELOPE_OK)
				return r;
		}
		i += record + 1;
	}
	return ENVELOPE_INCOMPLETE;
}

void
envelope_free(struct envelope *e)
{
	free(e->recipients);
	free(e->parameters);
	memset(e, 0, sizeof(*e));
}

static const char *
find(const struct envelope_parameter *parameter, size_t n, const char *name)
{
	for (; n > 0; n--, parameter++)
		if (strcmp(parameter->name, name) == 0)
			return parameter->value;
	return NULL;
}

const char *
envelope_parameter(const struct envelope *e, const char *name)
{
	return find(e->parameters, e->message_parameters, name);
}

const char *
envelope_recipient_parameter(const struct envelope *e, size_t i, const char *name)
{
	const struct envelope_recipient *recipient = &e->recipients[i];

	return recipient->parameters == 0
		   ? NULL
		   : find(e->parameters + recipient->first, recipient->parameters, name);
}

static void
put_record(stralloc *sa, const char *type, const char *s)
{
	text_cat(sa, type, s, (char *)NULL);
	text_catb(sa, "", 1);
}

void
envelope_begin(stralloc *sa, const char *sender)
{
	sa->len = 0;
	put_record(sa, "F", sender);
}

static void
put_pair(stralloc *sa, const char *type, const char *name, const char *value)
{
	text_cat(sa, type, name, "=", value, (char *)NULL);
	text_catb(sa, "", 1);
}

void
envelope_put_parameter(stralloc *sa, const char *name, const char *value)
{
	put_pair(sa, "P", name, value);
}

void
envelope_put_notice(stralloc *sa, const char *name, const char *value)
{
	put_pair(sa, "N", name, value);
}

void
envelope_put_recipient(stralloc *sa, const char *address)
{
	put_record(sa, "T", address);
}

void
envelope_end(stralloc *sa)
{
	text_catb(sa, "", 1);
}
