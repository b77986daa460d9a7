#include <string.h>
#include <strings.h>

#include "lib/from_addresses.h"
#include "lib/text.h"
#include "submit/submit_header.h"

/* What Debian's cron writes into the mail of every user, and sends as that user. */
#define CRON_FROM "From: root (Cron Daemon)\n"

/* The fields that hold addresses. */
static const struct kind {
	const char *name;
	enum { ORIGINATOR, RECIPIENT, RESENT } role;
} kinds[] = {{"From", ORIGINATOR}, {"Sender", ORIGINATOR}, {"Reply-To", ORIGINATOR},
    {"Resent-From", ORIGINATOR}, {"Resent-Sender", ORIGINATOR}, {"To", RECIPIENT},
    {"Cc", RECIPIENT}, {"Bcc", RECIPIENT}, {"Resent-To", RESENT}, {"Resent-Cc", RESENT},
    {"Resent-Bcc", RESENT}};

/* The length of the field's name in the line s[0..len); 0 when it is no field. */
static size_t
name_length(const char *s, size_t len)
{
	const char *colon = memchr(s, ':', len);
	size_t i, n;

	if (colon == NULL)
		return 0;
	n = (size_t)(colon - s);
	while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'))
		n--;
	for (i = 0; i < n; i++)
		if (s[i] <= ' ' || s[i] == 127)
			return 0;
	return n;
}

static int
is_mbox_line(const char *s, size_t len)
{
	return (len >= 5 && memcmp(s, "From ", 5) == 0) ||
	       (len >= 6 && memcmp(s, ">From ", 6) == 0);
}

int
submit_header_find_end(const char *s, size_t len, int is_whole, size_t *end)
{
	const char *newline;
	size_t at, line;

	for (at = 0; at < len; at += line) {
		newline = memchr(s + at, '\n', len - at);
		if (newline == NULL && !is_whole)
			return 0;
		line = newline != NULL ? (size_t)(newline - (s + at)) + 1 : len - at;
		if ((s[at] == ' ' || s[at] == '\t') && at > 0)
			continue;
		if (name_length(s + at, line) > 0 || (at == 0 && is_mbox_line(s, line)))
			continue;
		*end = at;
		return 1;
	}
	*end = at;
	return is_whole;
}

/* The length of the field that s[0..len) begins with, folded lines included. */
static size_t
field_length(const char *s, size_t len)
{
	size_t at = 0;
	const char *newline;

	do {
		newline = memchr(s + at, '\n', len - at);
		at = newline != NULL ? (size_t)(newline - s) + 1 : len;
	} while (at < len && (s[at] == ' ' || s[at] == '\t'));
	return at;
}

static const struct kind *
kind_of(const char *s, size_t len)
{
	size_t n = name_length(s, len), i;

	for (i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strlen(kinds[i].name) == n && strncasecmp(kinds[i].name, s, n) == 0)
			return &kinds[i];
	return NULL;
}

static int
has_resent(const char *s, size_t len)
{
	const struct kind *kind;
	size_t at, n;

	for (at = 0; at < len; at += n) {
		n = field_length(s + at, len - at);
		kind = kind_of(s + at, n);
		if (kind != NULL && kind->role == RESENT)
			return 1;
	}
	return 0;
}

/* Append the field s[0..len), its addresses completed; 0 when that can't be done. */
static int
complete_field(
    stralloc *out, const char *s, size_t len, const char *domain, stralloc *recipients)
{
	size_t begin = (size_t)((const char *)memchr(s, ':', len) - s) + 1;
	size_t at = 0, done = 0, domain_at;
	stralloc address = {0};
	int r;

	s += begin;
	len -= begin;
	text_catb(out, s - begin, begin);
	while ((r = from_addresses_next_bare(s, len, &at, &address, &domain_at)) == 1) {
		if (domain_at > 0 && domain != NULL) {
			text_cat(&address, "@", domain, (char *)NULL);
			text_catb(out, s + done, domain_at - done);
			text_cat(out, "@", domain, (char *)NULL);
			done = domain_at;
		}
		if (recipients != NULL) {
			text_catb(recipients, address.s, address.len);
			text_catb(recipients, "", 1);
		}
	}
	text_catb(out, s + done, len - done);
	stralloc_free(&address);
	return r == 0;
}

const char *
submit_header_complete(stralloc *out, const char *s, size_t len, const char *domain,
    const char *caller, stralloc *recipients)
{
	int role = has_resent(s, len) ? RESENT : RECIPIENT, is_wanted;
	const struct kind *kind;
	size_t at, n;

	for (at = 0; at < len; at += n) {
		n = field_length(s + at, len - at);
		if (caller != NULL && n == sizeof CRON_FROM - 1 &&
		    memcmp(s + at, CRON_FROM, n) == 0) {
			text_cat(out, "From: ", caller, " (Cron Daemon)\n", (char *)NULL);
			continue;
		}
		kind = kind_of(s + at, n);
		if (kind == NULL) {
			text_catb(out, s + at, n);
			continue;
		}
		is_wanted = recipients != NULL && (int)kind->role == role;
		if (!complete_field(
			out, s + at, n, domain, is_wanted ? recipients : NULL) &&
		    is_wanted)
			return kind->name;
	}
	return NULL;
}
