#include <string.h>

#include "lib/address.h"
#include "lib/text.h"
#include "receive/from_addresses.h"

/* One mailbox as far as it has been read. */
struct mailbox {
	stralloc *address;
	int in_angle;
	int taken; /* the address stood in angle brackets, which are closed */
	int wrong;
};

/* The bytes of the comment at the beginning of s[0..len); 0 when it has no end. */
static size_t
comment_size(const char *s, size_t len)
{
	size_t i, depth = 0;

	for (i = 0; i < len; i++) {
		if (s[i] == '\\')
			i++;
		else if (s[i] == '(')
			depth++;
		else if (s[i] == ')' && --depth == 0)
			return i + 1;
	}
	return 0;
}

/* The bytes of what begins with s[0] and ends with end; 0 when it has no end. */
static size_t
quoted_size(const char *s, size_t len, char end)
{
	size_t i;

	for (i = 1; i < len; i++) {
		if (s[i] == '\\')
			i++;
		else if (s[i] == end)
			return i + 1;
	}
	return 0;
}

/* A route before the address is no part of it: RFC 5322, 4.4. */
static void
end_route(struct mailbox *m)
{
	if (m->address->len > 0 && m->address->s[0] == '@')
		m->address->len = 0;
	else
		m->wrong = 1;
}

/* Take one character that is not the end of the mailbox. */
static void
take(struct mailbox *m, char c)
{
	switch (c) {
	case ' ':
	case '\t':
	case '\r':
	case '\n':
		return;
	case '<':
		m->wrong |= m->in_angle || m->taken;
		m->in_angle = 1;
		m->address->len = 0;
		return;
	case '>':
		m->wrong |= !m->in_angle;
		m->in_angle = 0;
		m->taken = 1;
		return;
	case ':':
		if (m->in_angle)
			end_route(m);
		else
			m->address->len = 0; /* it was the name of a group */
		return;
	default:
		m->wrong |= m->taken;
		text_catb(m->address, &c, 1);
	}
}

/* Read s[*at..len) up to the end of a mailbox.  Returns 0 when it is malformed. */
static int
read_mailbox(struct mailbox *m, const char *s, size_t len, size_t *at)
{
	size_t size;

	for (; *at < len; *at += size) {
		char c = s[*at];

		size = 1;
		if (c == '(') {
			size = comment_size(s + *at, len - *at);
		} else if (c == '"' || c == '[') {
			size = quoted_size(s + *at, len - *at, c == '"' ? '"' : ']');
			m->wrong |= m->taken;
			text_catb(m->address, s + *at, size);
		} else if ((c == ',' || c == ';') && !m->in_angle) {
			break;
		} else if (c == ',') {
			m->address->len = 0; /* of a route of several */
		} else {
			take(m, c);
		}
		if (size == 0)
			return 0;
	}
	return !m->wrong && !m->in_angle;
}

int
from_addresses_next(const char *s, size_t len, size_t *at, stralloc *address)
{
	struct mailbox m;

	while (*at < len) {
		m = (struct mailbox){.address = address};
		address->len = 0;
		if (!read_mailbox(&m, s, len, at))
			return -1;
		if (*at < len)
			++*at;
		if (address->len > 0)
			return address_is_mailbox(address->s, address->len) ? 1 : -1;
		if (m.taken)
			return -1;
	}
	return 0;
}
