#include <string.h>

#include "lib/address.h"
#include "lib/from_addresses.h"
#include "lib/text.h"

/* One mailbox as far as it has been read. */
struct mailbox {
	stralloc *address;
	size_t begin; /* where in the list it stands, */
	size_t end;   /* and where what does ends */
	int has_at;   /* outside of quotes */
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

/* What stands at s[at..at + size) belongs to the address. */
static void
add(struct mailbox *m, const char *s, size_t at, size_t size)
{
	m->wrong |= m->taken;
	if (m->address->len == 0)
		m->begin = at;
	m->end = at + size;
	text_catb(m->address, s + at, size);
}

/* Take the character at s[at], which is not the end of the mailbox. */
static void
take(struct mailbox *m, const char *s, size_t at)
{
	char c = s[at];

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
		if (m->in_angle) {
			end_route(m);
			return;
		}
		m->wrong |= m->has_at; /* the name of a group has none */
		m->address->len = 0;
		return;
	default:
		m->has_at |= c == '@';
		add(m, s, at, 1);
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
			add(m, s, *at, size);
		} else if ((c == ',' || c == ';') && !m->in_angle) {
			break;
		} else if (c == ',') {
			m->address->len = 0; /* of a route of several */
		} else {
			take(m, s, *at);
		}
		if (size == 0)
			return 0;
	}
	return !m->wrong && !m->in_angle;
}

/*
 * May what ends here at a comma be the beginning of a name that goes on behind it, as in
 * "Scanner, 2nd floor <me@example.test>"?  It has words only, and nothing that anybody
 * could take for an address.
 */
static int
is_name(const struct mailbox *m, const char *s, size_t at)
{
	const stralloc *words = m->address;

	return s[at] == ',' && !m->taken && words->len > 0 &&
	       memchr(words->s, '@', words->len) == NULL;
}

int
from_addresses_next(const char *s, size_t len, size_t *at, stralloc *address)
{
	struct mailbox m;
	int in_name = 0;

	while (*at < len) {
		m = (struct mailbox){.address = address};
		address->len = 0;
		if (!read_mailbox(&m, s, len, at))
			return -1;
		if (*at < len && is_name(&m, s, *at)) {
			in_name = 1;
			++*at;
			continue;
		}
		if (*at < len)
			++*at;
		if (in_name && !m.taken)
			return -1;
		if (address->len > 0)
			return address_is_mailbox(address->s, address->len) ? 1 : -1;
		if (m.taken)
			return -1;
	}
	return in_name ? -1 : 0;
}

/* Is what was read a local part, in one piece? */
static int
is_bare(const struct mailbox *m)
{
	return m->end - m->begin == m->address->len &&
	       address_is_local(m->address->s, m->address->len);
}

int
from_addresses_next_bare(
    const char *s, size_t len, size_t *at, stralloc *address, size_t *domain_at)
{
	struct mailbox m;

	*domain_at = 0;
	while (*at < len) {
		m = (struct mailbox){.address = address};
		address->len = 0;
		if (!read_mailbox(&m, s, len, at))
			return -1;
		if (*at < len)
			++*at;
		if (address->len == 0 && !m.taken)
			continue;
		if (address->len == 0)
			return -1;
		if (address_is_mailbox(address->s, address->len))
			return 1;
		if (!is_bare(&m))
			return -1;
		*domain_at = m.end;
		return 1;
	}
	return 0;
}
