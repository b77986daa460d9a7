#include <string.h>
#include <strings.h>

#include "lib/header_watch.h"
#include "lib/lower.h"

static const struct {
	const char *name;
	enum header_watch_field field;
} fields[] = {
    {"received", HEADER_WATCH_RECEIVED},
    {"message-id", HEADER_WATCH_MESSAGE_ID},
    {"delivered-to", HEADER_WATCH_DELIVERED},
};
#define FIELDS (sizeof fields / sizeof *fields)

static int
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static enum header_watch_field
find_field(const struct header_watch *header)
{
	size_t i;

	for (i = 0; i < FIELDS; i++)
		if (strlen(fields[i].name) == header->name_len &&
		    memcmp(fields[i].name, header->name, header->name_len) == 0)
			return fields[i].field;
	return HEADER_WATCH_OTHER;
}

/* The name has ended: its field begins.  Of several Message-IDs the first one counts. */
static void
begin_field(struct header_watch *header)
{
	header->field = find_field(header);
	header->place = HEADER_WATCH_VALUE;
	if (header->field == HEADER_WATCH_RECEIVED)
		header->hops++;
	else if (header->field == HEADER_WATCH_MESSAGE_ID && header->id_len > 0)
		header->field = HEADER_WATCH_OTHER;
	else if (header->field == HEADER_WATCH_DELIVERED)
		header->deliveries++;
}

/* The field that we are in is over; one that did not fit is not kept. */
static void
end_field(struct header_watch *header)
{
	size_t at = header->delivered_len;

	if (header->field == HEADER_WATCH_DELIVERED && at < sizeof header->delivered)
		header->delivered[header->delivered_len++] = '\0';
	header->field = HEADER_WATCH_OTHER;
}

/* A part of what stands in a field; of a line end it may have the CR. */
static void
keep(struct header_watch *header, const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (is_blank(s[i]) || s[i] == '\r')
			continue;
		if (header->field == HEADER_WATCH_MESSAGE_ID &&
		    header->id_len < HEADER_WATCH_ID_MAX)
			header->id[header->id_len++] = s[i];
		if (header->field == HEADER_WATCH_DELIVERED &&
		    header->delivered_len < sizeof header->delivered)
			header->delivered[header->delivered_len++] = s[i];
	}
}

/* The next character, in a name or around it. */
static void
step(struct header_watch *header, char c)
{
	if (header->place == HEADER_WATCH_START) {
		if (is_blank(c)) {
			header->place = HEADER_WATCH_VALUE;
			/* nothing that could be continued has come yet */
			header->is_headless = header->ended = header->octets == 0;
			return;
		}
		end_field(header);
		header->name_len = 0;
		header->place = HEADER_WATCH_NAME;
	} else if (c == ':') {
		begin_field(header);
		return;
	}
	if (is_blank(c))
		header->place = HEADER_WATCH_BLANK;
	else if (c < 33 || c == 127 || c == ':' || header->place == HEADER_WATCH_BLANK)
		header->ended = 1; /* no field: RFC 5322, 3.6.8 and 4.5.3 */
	else if (header->name_len == sizeof header->name)
		header->name[0] = ':'; /* longer than any that is known */
	else
		header->name[header->name_len++] = lower_char(c);
}

void
header_watch_look(struct header_watch *header, const char *s, size_t len)
{
	const char *end = s + len, *newline;

	while (s < end && !header->ended) {
		if (header->place != HEADER_WATCH_VALUE) {
			step(header, *s++);
			header->octets++;
			continue;
		}
		newline = memchr(s, '\n', end - s);
		if (header->field != HEADER_WATCH_OTHER &&
		    header->field != HEADER_WATCH_RECEIVED)
			keep(header, s, (newline != NULL ? newline : end) - s);
		header->octets += (newline != NULL ? newline + 2 : end) - s;
		if (newline != NULL)
			header->place = HEADER_WATCH_START;
		s = newline != NULL ? newline + 1 : end;
	}
}

int
header_watch_was_at(const struct header_watch *header, const char *address)
{
	const char *s = header->delivered, *end = s + header->delivered_len;
	size_t len;

	for (; s < end; s += len + 1) {
		len = strnlen(s, (size_t)(end - s));
		if (len == strlen(address) && strncasecmp(s, address, len) == 0)
			return 1;
	}
	return 0;
}

int
header_watch_loops(const struct header_watch *header, const char *address)
{
	return header->deliveries > HEADER_WATCH_DELIVERIES_MAX ||
	       header_watch_was_at(header, address);
}
