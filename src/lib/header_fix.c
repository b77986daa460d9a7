#include <string.h>
#include <strings.h>

#include "lib/header_fix.h"
#include "lib/text.h"

#define NAME_MAX_SEEN 200 /* bytes in which a field's name must end */

static int
is_named(const stralloc *name, size_t len, const char *field)
{
	return len == strlen(field) && strncasecmp(name->s, field, len) == 0;
}

/* Append what the header lacks. */
static void
complete(struct header_fix *fix, stralloc *out)
{
	if (fix->from.count == 0 && fix->from_added != NULL)
		text_cat(out, fix->from_added, (char *)NULL);
	if (!fix->has_date)
		text_cat(out, fix->date, (char *)NULL);
	if (!fix->has_message_id)
		text_cat(out, fix->message_id, (char *)NULL);
	fix->ended = 1;
}

/* The field whose name has been read begins. */
static void
begin_field(struct header_fix *fix, size_t name_len)
{
	const stralloc *name = &fix->name;

	fix->dropping =
	    is_named(name, name_len, "Bcc") || is_named(name, name_len, "Resent-Bcc");
	fix->kept = is_named(name, name_len, "From")     ? &fix->from
		    : is_named(name, name_len, "Sender") ? &fix->sender
							 : NULL;
	fix->below_top = !is_named(name, name_len, "Received");
	fix->has_date |= is_named(name, name_len, "Date");
	fix->has_message_id |= is_named(name, name_len, "Message-ID");
	if (fix->kept != NULL && fix->kept->count++)
		text_cat(&fix->kept->value, ",", (char *)NULL);
}

/* What belongs to the field that we are in. */
static void
put(struct header_fix *fix, stralloc *out, const char *s, size_t len)
{
	if (!fix->dropping)
		text_catb(out, s, len);
	if (fix->kept == NULL)
		return;
	if (fix->kept->value.len + len > HEADER_FIX_FIELD_MAX)
		fix->kept->is_too_long = 1;
	else
		text_catb(&fix->kept->value, s, len);
}

/* How long the name is that ends with the colon in fix->name; 0 when it is none. */
static size_t
name_length(const stralloc *name)
{
	size_t i, len = name->len - 1;

	/* Blanks before the colon are an obsolete form: RFC 5322, 4.5. */
	while (len && (name->s[len - 1] == ' ' || name->s[len - 1] == '\t'))
		len--;
	for (i = 0; i < len; i++)
		if (name->s[i] <= ' ' || name->s[i] >= 127)
			return 0;
	return len;
}

/*
 * Is it the line that begins a message in an mbox, at the top of what the client sent,
 * which is just below our Received?  Some clients send it with a message that they kept.
 */
static int
is_mbox_line(const struct header_fix *fix)
{
	const char *s = fix->name.s;
	size_t len = fix->name.len;

	if (len > 0 && *s == '>') {
		s++;
		len--;
	}
	return !fix->below_top && len >= 5 && memcmp(s, "From ", 5) == 0;
}

/*
 * Take one byte of the beginning of a line, up to the colon after its name.  What is no
 * field ends the header, with the line that was missing.
 */
static void
begin_line(struct header_fix *fix, stralloc *out, char c)
{
	size_t len;

	text_catb(&fix->name, &c, 1);
	if (fix->name.len == 1 && c == '\n') {
		complete(fix, out);
		text_cat(out, "\n", (char *)NULL);
		return;
	}
	if (fix->name.len == 1 && (c == ' ' || c == '\t')) {
		fix->in_line = 1;
		put(fix, out, fix->name.s, 1);
		return;
	}
	if (c != ':' && c != '\n' && fix->name.len < NAME_MAX_SEEN)
		return;
	len = c == ':' ? name_length(&fix->name) : 0;
	if (len == 0 && is_mbox_line(fix)) {
		fix->below_top = fix->dropping = 1;
		fix->kept = NULL;
		fix->in_line = c != '\n';
		fix->name.len = 0;
		return;
	}
	if (len == 0) {
		complete(fix, out);
		text_cat(out, "\n", (char *)NULL);
		text_catb(out, fix->name.s, fix->name.len);
		return;
	}
	begin_field(fix, len);
	fix->in_line = 1;
	if (!fix->dropping)
		text_catb(out, fix->name.s, fix->name.len);
}

size_t
header_fix_feed(struct header_fix *fix, stralloc *out, const char *s, size_t len)
{
	const char *newline;
	size_t at = 0, end;

	while (at < len && !fix->ended) {
		if (!fix->in_line) {
			begin_line(fix, out, s[at++]);
			if (fix->in_line)
				fix->name.len = 0;
			continue;
		}
		newline = memchr(s + at, '\n', len - at);
		end = newline != NULL ? (size_t)(newline - s) + 1 : len;
		put(fix, out, s + at, end - at);
		fix->in_line = newline == NULL;
		at = end;
	}
	return at;
}

void
header_fix_end(struct header_fix *fix, stralloc *out)
{
	if (fix->ended)
		return;
	if (fix->in_line && !fix->dropping)
		text_cat(out, "\n", (char *)NULL);
	complete(fix, out);
	if (fix->name.len > 0) {
		text_cat(out, "\n", (char *)NULL);
		text_catb(out, fix->name.s, fix->name.len);
	}
}
