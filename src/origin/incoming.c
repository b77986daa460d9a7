#include <string.h>
#include <strings.h>

#include "lib/text.h"
#include "origin/incoming.h"

static enum incoming_field
find_field(const char *name, size_t len)
{
	static const struct {
		const char *name;
		enum incoming_field field;
	} known[] = {{"from", INCOMING_FROM},
	    {"authentication-results", INCOMING_RESULTS},
	    {"x-facteur-quarantine", INCOMING_MARK},
	    {"dkim-signature", INCOMING_SIGNATURE}};
	size_t i;

	for (i = 0; i < sizeof known / sizeof *known; i++)
		if (len == strlen(known[i].name) &&
		    strncasecmp(name, known[i].name, len) == 0)
			return known[i].field;
	return INCOMING_OTHER;
}

/* The name of a field has been read, and the colon behind it. */
static void
begin_field(struct incoming *in)
{
	in->field = in->name_len <= sizeof in->field_name
			? find_field(in->field_name, in->name_len)
			: INCOMING_OTHER;
	in->is_dropping = in->field == INCOMING_MARK;
	in->removed += (unsigned)in->is_dropping;
	in->is_holding = in->field == INCOMING_RESULTS;
	in->signatures += in->field == INCOMING_SIGNATURE;
	if (in->is_holding)
		in->claim = (struct claim){0};
	if (in->field == INCOMING_FROM && in->froms++) {
		if (in->from.len < INCOMING_FROM_MAX)
			text_catb(&in->from, "", 1);
		else
			in->is_from_cut = 1;
	}
}

/* It is known whose the held field is. */
static void
release(struct incoming *in, stralloc *out)
{
	in->is_holding = 0;
	in->is_dropping = claim_is_of(&in->claim, in->name);
	in->removed += (unsigned)in->is_dropping;
	if (!in->is_dropping)
		text_catb(out, in->held.s, in->held.len);
	in->held.len = 0;
}

/* The field that we are in is over. */
static void
end_field(struct incoming *in, stralloc *out)
{
	if (in->is_holding)
		release(in, out);
	/* What has been held is the beginning of a line that is not yet a field. */
	in->is_dropping = 0;
	in->field = INCOMING_OTHER;
}

/* Bytes of the value of the field that we are in. */
static void
take_value(struct incoming *in, stralloc *out, const char *s, size_t len)
{
	size_t i;

	if (in->field == INCOMING_FROM) {
		if (in->from.len + len > INCOMING_FROM_MAX)
			in->is_from_cut = 1;
		else
			text_catb(&in->from, s, len);
	}
	for (i = 0; i < len && in->is_holding; i++)
		if (claim_take(&in->claim, s[i])) {
			text_catb(&in->held, s, i);
			release(in, out);
			s += i;
			len -= i;
		}
	if (in->is_holding && in->held.len + len > INCOMING_HELD_MAX) {
		/* Nobody has such a name: its comments are there to hide one. */
		in->is_holding = 0;
		in->is_dropping = 1;
		in->removed++;
		in->held.len = 0;
	}
	if (in->is_holding)
		text_catb(&in->held, s, len);
	else if (!in->is_dropping)
		text_catb(out, s, len);
}

/* The beginning of a line that is no field, or whose name is none that is known. */
static void
let_pass(struct incoming *in, stralloc *out, int is_line_over)
{
	text_catb(out, in->held.s, in->held.len);
	in->held.len = 0;
	in->name_len = 0;
	in->has_blank = 0;
	in->in_line = !is_line_over;
}

/* Is the line that has just ended empty? */
static int
is_empty(const struct incoming *in)
{
	return in->held.len == 1 || (in->held.len == 2 && in->held.s[0] == '\r');
}

/* Take one byte of the beginning of a line, up to the colon after its name. */
static void
begin_line(struct incoming *in, stralloc *out, char c)
{
	if (in->name_len == 0 && !in->has_blank) {
		if (c == ' ' || c == '\t') {
			in->in_line = 1;
			take_value(in, out, &c, 1);
			return;
		}
		end_field(in, out);
		in->held.len = 0;
	}
	text_catb(&in->held, &c, 1);
	if (c == '\n') {
		in->ended = is_empty(in);
		let_pass(in, out, 1);
	} else if (c == ':' && in->name_len > 0) {
		begin_field(in);
		if (in->is_dropping)
			in->held.len = 0;
		if (!in->is_holding)
			let_pass(in, out, 0);
		in->name_len = 0;
		in->has_blank = 0;
		in->in_line = 1;
	} else if (c == ' ' || c == '\t') {
		/* Blanks before the colon are an obsolete form: RFC 5322, 4.5. */
		in->has_blank = 1;
		if (in->held.len > INCOMING_HELD_MAX)
			let_pass(in, out, 0);
	} else if (in->has_blank || in->name_len >= sizeof in->field_name) {
		let_pass(in, out, 0);
	} else {
		in->field_name[in->name_len++] = c;
	}
}

size_t
incoming_feed(struct incoming *in, stralloc *out, const char *s, size_t len)
{
	const char *newline;
	size_t at = 0, end;

	while (at < len && !in->ended) {
		if (!in->in_line) {
			begin_line(in, out, s[at++]);
			continue;
		}
		newline = memchr(s + at, '\n', len - at);
		end = newline != NULL ? (size_t)(newline - s) + 1 : len;
		take_value(in, out, s + at, end - at);
		in->in_line = newline == NULL;
		at = end;
	}
	return at;
}

void
incoming_end(struct incoming *in, stralloc *out)
{
	if (in->ended)
		return;
	end_field(in, out);
	let_pass(in, out, 1);
	in->ended = 1;
}

void
incoming_clear(struct incoming *in)
{
	stralloc_free(&in->from);
	stralloc_free(&in->held);
	memset(in, 0, sizeof *in);
}
