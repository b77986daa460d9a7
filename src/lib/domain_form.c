#include <string.h>

#include "lib/domain_form.h"
#include "lib/punycode.h"
#include "lib/text.h"
#include "lib/utf8.h"

#define LABEL_MAX 63 /* bytes: RFC 1035, 2.3.4; RFC 5890, 2.3.2.1 */
#define PREFIX "xn--"
#define PREFIX_LEN (sizeof(PREFIX) - 1)

/*
 * Decode an A-label s[0..len), "xn--" taken away, to form.  Returns its length; -1 when
 * it is malformed, or not just what encoding gives (RFC 5891, 5.4).
 */
static ssize_t
decode(char *form, const char *s, size_t len)
{
	char again[PUNYCODE_MAX];
	ssize_t n = punycode_decode(form, s, len);

	if (n <= 0 || utf8_is_ascii(form, (size_t)n) ||
	    punycode_encode(again, form, (size_t)n) != (ssize_t)len ||
	    memcmp(again, s, len) != 0)
		return -1;
	return n;
}

/*
 * Append one label in the other form, or as it is.  Returns 1 when it differs, 0; -1 when
 * it is malformed.
 */
static int
put_label(stralloc *sa, const char *s, size_t len, int to_ascii)
{
	char form[4 * PUNYCODE_MAX];
	ssize_t n;

	if (to_ascii ? utf8_is_ascii(s, len)
		     : len <= PREFIX_LEN || memcmp(s, PREFIX, PREFIX_LEN) != 0) {
		text_catb(sa, s, len);
		return 0;
	}
	if (to_ascii)
		n = punycode_encode(form, s, len);
	else
		n = decode(form, s + PREFIX_LEN, len - PREFIX_LEN);
	if (n == -1 || (to_ascii && PREFIX_LEN + (size_t)n > LABEL_MAX))
		return -1;
	text_cat(sa, to_ascii ? PREFIX : "", (char *)NULL);
	text_catb(sa, form, (size_t)n);
	return 1;
}

int
domain_form_other(stralloc *sa, const char *s, size_t len)
{
	int to_ascii = !utf8_is_ascii(s, len), r, differs = 0;
	size_t before = sa->len, at = 0, label;
	const char *dot;

	/* most have none, and this stands in the way of every message */
	if (!utf8_is_sound(s, len) || (!to_ascii && memmem(s, len, PREFIX, 4) == NULL))
		return 0;
	for (; at <= len; at += label + 1) {
		dot = memchr(s + at, '.', len - at);
		label = dot != NULL ? (size_t)(dot - (s + at)) : len - at;
		r = put_label(sa, s + at, label, to_ascii);
		if (r == -1)
			break;
		differs |= r;
		if (dot != NULL)
			text_cat(sa, ".", (char *)NULL);
	}
	if (at > len && differs)
		return 1;
	sa->len = before;
	return 0;
}
