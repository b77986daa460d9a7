#include <string.h>
#include <strings.h>

#include "lib/text.h"
#include "lib/utf8.h"
#include "mime/mime_content.h"
#include "mime/mime_field.h"
#include "mime/mime_words.h"

static int
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/*
 * The length of the quoted string or comment, or of any other byte, at the beginning of
 * s[0..len); 0 when it has no end.
 */
static size_t
element(const char *s, size_t len)
{
	size_t depth = 0, i;

	if (*s != '"' && *s != '(')
		return 1;
	for (i = 0; i < len; i++) {
		if (s[i] == '\\')
			i++;
		else if (*s == '"' && s[i] == '"' && i > 0)
			return i + 1;
		else if (*s == '(' && s[i] == '(')
			depth++;
		else if (*s == '(' && s[i] == ')' && --depth == 0)
			return i + 1;
	}
	return 0;
}

/* The content s[0..len) of a comment; one with comments in it is left to others. */
static int
put_comment(stralloc *out, const char *s, size_t len, const char *eol)
{
	if (memchr(s, '(', len) != NULL || memchr(s, '\\', len) != NULL)
		return -1;
	text_catb(out, "(", 1);
	mime_words_text(out, s, len, eol);
	text_catb(out, ")", 1);
	return 0;
}

/* What is structured may have such text in comments only. */
static int
put_structured(stralloc *out, const char *s, size_t len, const char *eol)
{
	size_t at, n;

	for (at = 0; at < len; at += n) {
		n = element(s + at, len - at);
		if (n == 0)
			return -1;
		if (utf8_is_ascii(s + at, n))
			text_catb(out, s + at, n);
		else if (s[at] != '(' || put_comment(out, s + at + 1, n - 2, eol) == -1)
			return -1;
	}
	return 0;
}

/* Append s[0..len) without quotes, backslashes and line ends. */
static void
unquote(stralloc *out, const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (s[i] == '"')
			continue;
		if (s[i] == '\\' && i + 1 < len)
			i++;
		mime_words_unfold(out, s + i, 1);
	}
}

/* The name of a person or a group, with blanks around it. */
static int
put_phrase(stralloc *out, const char *s, size_t len, const char *eol)
{
	stralloc plain = {0};
	size_t lead = 0;

	if (utf8_is_ascii(s, len)) {
		text_catb(out, s, len);
		return 0;
	}
	if (memchr(s, '(', len) != NULL || memmem(s, len, "=?", 2) != NULL)
		return -1;
	while (is_blank(s[lead]))
		lead++;
	while (is_blank(s[len - 1]))
		len--;
	text_catb(out, s, lead);
	unquote(&plain, s + lead, len - lead);
	mime_words_put(out, plain.s, plain.len, eol);
	text_catb(out, " ", 1);
	stralloc_free(&plain);
	return 0;
}

/* Addresses, each NAME <ADDRESS>, or ADDRESS (COMMENT); groups of them. */
static int
put_addresses(stralloc *out, const char *s, size_t len, const char *eol)
{
	size_t start = 0, at, n;
	int r = 0;

	for (at = 0; at < len && r == 0; at += n) {
		n = element(s + at, len - at);
		if (n == 0)
			return -1;
		if (n > 1 || strchr("<:>,;", s[at]) == NULL || s[at] == '\0')
			continue;
		r = s[at] == '<' || s[at] == ':'
			? put_phrase(out, s + start, at - start, eol)
			: put_structured(out, s + start, at - start, eol);
		text_catb(out, s + at, 1);
		start = at + 1;
	}
	return r == -1 ? -1 : put_structured(out, s + start, len - start, eol);
}

/* Append the value of a parameter as RFC 2231, 4 has it. */
static void
put_extended(stralloc *out, const char *s, size_t len)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t i;

	text_cat(out, "*=", mime_words_charset(s, len), "''", (char *)NULL);
	for (i = 0; i < len; i++) {
		if (mime_type_token(s, len, i) > 0 && strchr("*'%", s[i]) == NULL) {
			text_catb(out, s + i, 1);
			continue;
		}
		text_catb(out, "%", 1);
		text_catb(out, &hex[(unsigned char)s[i] >> 4], 1);
		text_catb(out, &hex[(unsigned char)s[i] & 15], 1);
	}
}

/* How far a parameter's value at s[0..len) goes. */
static size_t
value_length(const char *s, size_t len)
{
	size_t n = 0;

	if (len > 0 && *s == '"')
		return element(s, len);
	while (n < len && s[n] != ';' && s[n] != '\r' && s[n] != '\n')
		n++;
	while (n > 0 && is_blank(s[n - 1]))
		n--;
	return n;
}

/*
 * May the value behind the "=" at s[at] be written in another way?  Not that of boundary,
 * which stands elsewhere, too, nor what is no parameter.
 */
static int
is_extensible(const char *s, size_t at)
{
	size_t n = 0;

	while (n < at && s[at - n - 1] != ';' && !is_blank(s[at - n - 1]))
		n++;
	return n > 0 && n < at && mime_type_token(s, at, at - n) == n &&
	       s[at - 1] != '*' &&
	       (n != 8 || strncasecmp(s + at - n, "boundary", n) != 0);
}

/*
 * The next parameter of s[0..len), from at on, whose value is not ASCII: returns where
 * its
 * "=" stands, and *n its length from there; or len.
 */
static size_t
find_value(const char *s, size_t len, size_t at, size_t *n)
{
	for (; at < len; at += *n) {
		*n = element(s + at, len - at);
		if (*n == 0)
			break;
		if (s[at] != '=' || !is_extensible(s, at))
			continue;
		*n = 1 + value_length(s + at + 1, len - at - 1);
		if (!utf8_is_ascii(s + at, *n))
			return at;
	}
	return len;
}

/* Where the parameters begin. */
static size_t
find_semicolon(const char *s, size_t len)
{
	size_t at, n;

	for (at = 0; at < len && s[at] != ';'; at += n) {
		n = element(s + at, len - at);
		if (n == 0)
			return len;
	}
	return at;
}

/* Parameters, of which the values may have such text. */
static int
put_parameters(stralloc *out, const char *s, size_t len, const char *eol)
{
	stralloc plain = {0};
	size_t start = find_semicolon(s, len), at, n;
	int r = put_structured(out, s, start, eol);

	while (r == 0 && (at = find_value(s, len, start, &n)) < len) {
		r = put_structured(out, s + start, at - start, eol);
		plain.len = 0;
		unquote(&plain, s + at + 1, n - 1);
		put_extended(out, plain.s, plain.len);
		start = at + n;
	}
	stralloc_free(&plain);
	return r == -1 ? -1 : put_structured(out, s + start, len - start, eol);
}

typedef int put_value(stralloc *out, const char *s, size_t len, const char *eol);

static int
put_text(stralloc *out, const char *s, size_t len, const char *eol)
{
	mime_words_text(out, s, len, eol);
	return 0;
}

/* What a field's value consists of; that of all others is text: RFC 2047, 5 (1). */
static put_value *
value_of(const struct mime_header_field *f)
{
	static const char *const addresses[] = {"From", "Sender", "Reply-To", "To", "Cc",
	    "Bcc", "Resent-From", "Resent-Sender", "Resent-Reply-To", "Resent-To",
	    "Resent-Cc", "Resent-Bcc", "Errors-To", "Mail-Followup-To", "Mail-Reply-To",
	    "Return-Receipt-To", "Disposition-Notification-To", "List-Id", NULL};
	static const char *const structured[] = {"Date", "Message-ID", "In-Reply-To",
	    "References", "Received", "Return-Path", "Delivered-To", "Resent-Date",
	    "Resent-Message-ID", "MIME-Version", "Content-ID", "Content-Location",
	    "Content-Language", "Content-Transfer-Encoding", "DKIM-Signature",
	    "Authentication-Results", "ARC-Seal", "ARC-Message-Signature",
	    "ARC-Authentication-Results", "Received-SPF", "List-Help", "List-Post",
	    "List-Owner", "List-Archive", "List-Subscribe", "List-Unsubscribe",
	    "List-Unsubscribe-Post", "Autocrypt", "TLS-Required", "Auto-Submitted", NULL};
	size_t i;

	if (mime_header_is(f, "Content-Type") || mime_header_is(f, "Content-Disposition"))
		return put_parameters;
	for (i = 0; addresses[i] != NULL; i++)
		if (mime_header_is(f, addresses[i]))
			return put_addresses;
	for (i = 0; structured[i] != NULL; i++)
		if (mime_header_is(f, structured[i]))
			return put_structured;
	return put_text;
}

/* Does the value say the same of a type as before?  Where it is malformed it may not. */
static int
is_same_type(const char *s, size_t len, const char *before, size_t before_len)
{
	struct mime_type one, other;

	mime_type_parse(&one, s, len);
	mime_type_parse(&other, before, before_len);
	return mime_type_is(&one, other.top, other.sub) &&
	       one.boundary_len == other.boundary_len &&
	       memcmp(one.boundary, other.boundary, one.boundary_len) == 0;
}

int
mime_field_put(stralloc *out, const struct mime_header_field *f, const char *eol)
{
	size_t len = (size_t)(f->end - f->value), start;

	if (f->name_len == 0 || f->end - f->start > MIME_FIELD_MAX)
		return -1;
	text_catb(out, f->start, (size_t)(f->value - f->start));
	start = out->len;
	if (value_of(f)(out, f->value, len, eol) == -1)
		return -1;
	if (!mime_header_is(f, "Content-Type"))
		return 0;
	return is_same_type(out->s + start, out->len - start, f->value, len) ? 0 : -1;
}
