#include <string.h>

#include "lib/text.h"
#include "lib/verdict.h"
#include "receive/smtp_report.h"

#define TEXT_MAX 480 /* of a reply line of 512 bytes: RFC 5321, 4.5.3.1.5 */

/* The digits at s[0..len), at most three. */
static size_t
digits(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len && i < 3 && s[i] >= '0' && s[i] <= '9'; i++)
		;
	return i;
}

/* The bytes of the enhanced status code (RFC 3463) of the class at s[0..len), or 0. */
static size_t
status_scan(const char *s, size_t len, char class)
{
	size_t subject, detail;

	if (len < 5 || s[0] != class || s[1] != '.')
		return 0;
	subject = digits(s + 2, len - 2);
	if (!subject || 2 + subject >= len || s[2 + subject] != '.')
		return 0;
	detail = digits(s + 3 + subject, len - 3 - subject);
	return detail ? 3 + subject + detail : 0;
}

/* The status in "(#5.7.1)", or null. */
static const char *
find_qmail_status(const char *s, size_t len, char class, size_t *size)
{
	size_t i;

	for (i = 0; i + 2 < len; i++)
		if (s[i] == '(' && s[i + 1] == '#') {
			*size = status_scan(s + i + 2, len - i - 2, class);
			if (*size)
				return s + i + 2;
		}
	return NULL;
}

void
smtp_report_put(stralloc *reply, int verdict, const char *s, size_t len)
{
	const char *status, *code = verdict == REJECT ? "554" : "451";
	char class = *code;
	size_t size;

	if (len > 4 && s[0] == class && digits(s, len) == 3 && s[3] == ' ') {
		code = s;
		s += 4;
		len -= 4;
	}
	reply->len = 0;
	text_catb(reply, code, 3);
	text_cat(reply, " ", NULL);
	size = status_scan(s, len, class);
	if (size && (size == len || s[size] == ' ')) {
		status = s;
		s += size;
		len -= size;
	} else {
		status = find_qmail_status(s, len, class, &size);
	}
	if (status)
		text_catb(reply, status, size);
	else
		text_cat(reply, verdict == REJECT ? "5.3.0" : "4.3.0", NULL);
	while (len && *s == ' ') {
		s++;
		len--;
	}
	text_cat(reply, " ", NULL);
	if (len)
		text_cat_printable(reply, s, len, TEXT_MAX);
	else
		text_cat(reply,
		    verdict == REJECT ? "message refused"
				      : "unable to keep the message now, try again later",
		    NULL);
	text_terminate(reply);
}
