#include <errno.h>
#include <string.h>
#include <strings.h>

#include "lib/deadline.h"
#include "lib/filter.h"
#include "lib/sink_time.h"
#include "lib/text.h"
#include "milter/milter_message.h"

#define HEADER_MAX 4194304 /* bytes; what is beyond is the body's, to us */
#define PIECE 32768
#define OUR_FIELD "Received:"
#define KEEP_FAILED "unable to keep the message"

/* Returns 0, or an exit code. */
static int
read_all(struct milter_message *m, const char **why)
{
	char block[PIECE];
	int64_t since = deadline_now();
	ssize_t r;

	*why = KEEP_FAILED;
	if (spool_begin(&m->spool) == -1)
		return FILTER_PUT_OFF;
	while ((r = filter_read_timed(0, block, sizeof block, &since)) > 0)
		spool_put(&m->spool, block, (size_t)r);
	if (r == -1) {
		*why = "unable to read the message";
		return FILTER_READ_FAILED;
	}
	if (spool_end(&m->spool) == -1)
		return FILTER_PUT_OFF;
	*why = "unable to read the envelope";
	if (filter_envelope(&m->envelope) == -1)
		return FILTER_READ_FAILED;
	m->until = sink_time_until(since);
	text_setb(&m->parsed, m->envelope.s, m->envelope.len);
	*why = "the envelope is malformed";
	errno = EPROTO;
	return envelope_parse(&m->parts, m->parsed.s, m->parsed.len) == ENVELOPE_OK
		   ? 0
		   : FILTER_READ_FAILED;
}

/* The length of the field that s[0..len) begins with, or 0 when none does. */
static size_t
field_length(const char *s, size_t len)
{
	const char *colon = memchr(s, ':', len), *newline;
	size_t at = 0, i;

	if (colon == NULL || colon == s)
		return 0;
	for (i = 0; s + i < colon; i++)
		if (s[i] < ' ' || (s[i] == ' ' && i == 0))
			return 0;
	do {
		newline = memchr(s + at, '\n', len - at);
		at = newline != NULL ? (size_t)(newline - s) + 1 : len;
	} while (at < len && (s[at] == ' ' || s[at] == '\t'));
	return at;
}

/* Is it the field that smtp-recv has just put above the message? */
static int
is_ours(const struct milter_message *m, const char *s, size_t len)
{
	return len >= sizeof OUR_FIELD &&
	       strncasecmp(s, OUR_FIELD, sizeof OUR_FIELD - 1) == 0 &&
	       memmem(s, len, m->id, strlen(m->id)) != NULL;
}

/* The beginning of the message, at most HEADER_MAX.  Returns 0, or -1 with errno. */
static int
load_header(const struct milter_message *m, stralloc *header)
{
	size_t len = m->spool.length > HEADER_MAX ? HEADER_MAX : (size_t)m->spool.length;
	ssize_t r;

	text_room(header, len + 1);
	while (header->len < len) {
		r = spool_read(&m->spool, header->s + header->len, len - header->len,
		    (off_t)header->len);
		if (r <= 0)
			return -1;
		header->len += (size_t)r;
	}
	return 0;
}

/* Take the header apart. */
static void
split(struct milter_message *m, struct milter_edit *edit, const char *s, size_t len)
{
	int is_hidden, hidden = 0;
	size_t at = 0, n;

	while (at < len && s[at] != '\n' && (n = field_length(s + at, len - at)) > 0) {
		m->has_field = 1;
		if (at + n == len && (off_t)len < m->spool.length)
			break; /* there is more of it */
		is_hidden = !hidden && is_ours(m, s + at, n);
		hidden |= is_hidden;
		milter_fields_append(&edit->header, s + at, n, is_hidden);
		at += n;
	}
	m->has_empty_line = at < len && s[at] == '\n';
	m->body = (off_t)(at + (m->has_empty_line ? 1 : 0));
}

int
milter_message_read(struct milter_message *m, struct milter_edit *edit, const char **why)
{
	stralloc header = {0};
	int code;

	*why = "unable to make a message ID";
	if (queueid_take(m->id) == -1)
		return FILTER_PUT_OFF;
	code = read_all(m, why);
	if (code != 0)
		return code;
	if (load_header(m, &header) == -1) {
		*why = "unable to read what was kept";
		code = FILTER_PUT_OFF;
	} else {
		split(m, edit, header.s, header.len);
	}
	stralloc_free(&header);
	return code;
}

/* One that is a word by itself has the value 1. */
static void
put_parameter(stralloc *out, const struct envelope_parameter *p)
{
	static const char *const names[] = {
	    "BODY", "SMTPUTF8", "RET", "ENVID", "REQUIRETLS", "NOTIFY", "ORCPT"};
	int is_word = strcmp(p->value, "1") == 0;
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(p->name, names[i]) == 0)
			text_cat(out, " ", p->name, is_word ? "" : "=",
			    is_word ? "" : p->value, (char *)NULL);
}

void
milter_message_put_parameters(const struct milter_message *m, stralloc *out)
{
	size_t i;

	for (i = 0; i < m->parts.message_parameters; i++)
		put_parameter(out, &m->parts.parameters[i]);
}

void
milter_message_put_notices(const struct milter_message *m, size_t i, stralloc *out)
{
	const struct envelope_recipient *r = &m->parts.recipients[i];
	size_t k;

	for (k = r->first; k < r->first + r->parameters; k++)
		put_parameter(out, &m->parts.parameters[k]);
}
