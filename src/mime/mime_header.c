#include <string.h>
#include <strings.h>
#include <sys/types.h>

#include "mime/mime_header.h"

static const char *
after_line(const char *s, const char *end)
{
	const char *lf = memchr(s, '\n', (size_t)(end - s));

	return lf != NULL ? lf + 1 : end;
}

static int
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The length of the field name, before the colon, at s; or -1. */
static ssize_t
name_length(const char *s, const char *end)
{
	const char *at;

	for (at = s; at<end && * at> ' ' && *at < 127 && *at != ':'; at++)
		;
	return at < end && at > s && *at == ':' ? at - s : -1;
}

int
mime_header_next(struct mime_header_field *f, const char **at, const char *end)
{
	const char *s = *at;
	ssize_t n;

	if (s == end)
		return 0;
	n = is_blank(*s) ? 0 : name_length(s, end);
	if (n == -1)
		return 0;
	f->start = s;
	f->name_len = (size_t)n;
	f->value = n > 0 ? s + n + 1 : s;
	do
		s = after_line(s, end);
	while (s < end && is_blank(*s));
	f->end = *at = s;
	return 1;
}

int
mime_header_is(const struct mime_header_field *f, const char *name)
{
	return f->name_len == strlen(name) &&
	       strncasecmp(f->start, name, f->name_len) == 0;
}

static enum mime_label
label_of(const char *s, size_t len)
{
	static const struct {
		const char *token;
		enum mime_label label;
	} labels[] = {{"7bit", MIME_7BIT}, {"8bit", MIME_8BIT}, {"binary", MIME_BINARY},
	    {"quoted-printable", MIME_QUOTED_PRINTABLE}, {"base64", MIME_BASE64}};
	size_t at = mime_type_skip(s, len, 0), n = mime_type_token(s, len, at), i;

	for (i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (n == strlen(labels[i].token) &&
		    strncasecmp(s + at, labels[i].token, n) == 0)
			return labels[i].label;
	return n > 2 && strncasecmp(s + at, "x-", 2) == 0 ? MIME_EXTENSION
							  : MIME_NONSENSE;
}

/* The first field of a name counts. */
static void
learn(struct mime_header *h, const struct mime_header_field *f)
{
	size_t len = (size_t)(f->end - f->value);

	if (mime_header_is(f, "Content-Type") && !h->has_type) {
		h->has_type = 1;
		mime_type_parse(&h->type, f->value, len);
	} else if (mime_header_is(f, "Content-Transfer-Encoding") && !h->has_label) {
		h->has_label = 1;
		h->label = label_of(f->value, len);
	} else if (mime_header_is(f, "MIME-Version")) {
		h->has_version = 1;
	}
}

void
mime_header_parse(struct mime_header *h, const char *s, size_t len)
{
	const char *end = s + len, *at = s;
	struct mime_header_field f;

	h->has_type = h->has_label = h->has_version = 0;
	h->label = MIME_7BIT;
	mime_type_parse(&h->type, "", 0);
	if (len >= 5 && memcmp(s, "From ", 5) == 0)
		at = after_line(s, end);
	h->fields = at;
	while (mime_header_next(&f, &at, end))
		learn(h, &f);
	h->end = h->body = at;
	if (at < end && (*at == '\n' || (*at == '\r' && at + 1 < end && at[1] == '\n')))
		h->body = after_line(at, end);
}
