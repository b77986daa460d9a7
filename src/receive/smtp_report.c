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

/*
 * Take the "(#5.7.1)" that ends qmail's texts off s[0..*len): said once is enough.
 * Returns the status in it, or null.
 */
static const char *
take_qmail_status(const char *s, size_t *len, char class, size_t *size)
{
	size_t i;

	if (!*len || s[*len - 1] != ')')
		return NULL;
	for (i = *len - 1; i && s[i] != '('; i--)
		;
	if (*len - i < 4 || s[i] != '(' || s[i + 1] != '#')
		return NULL;
	*size = *len - i - 3;
	if (status_scan(s + i + 2, *size, class) != *size)
		return NULL;
	*len = i;
	return s + i + 2;
}

/* Take an SMTP code of the class off *s; null when there is none. */
static const char *
take_code(const char **s, size_t *len, char class)
{
	const char *code = *s;

	if (*len <= 4 || code[0] != class || digits(code, *len) != 3 || code[3] != ' ')
		return NULL;
	*s += 4;
	*len -= 4;
	return code;
}

/* Take an enhanced status code of the class off *s; null when there is none. */
static const char *
take_status(const char **s, size_t *len, char class, size_t *size)
{
	const char *status = *s;

	*size = status_scan(status, *len, class);
	if (!*size || (*size < *len && status[*size] != ' '))
		return NULL;
	*s += *size;
	*len -= *size;
	return status;
}

static void
trim(const char **s, size_t *len)
{
	for (; *len && **s == ' '; (*s)++)
		(*len)--;
	for (; *len && memchr(" \r\n", (*s)[*len - 1], 3); (*len)--)
		;
}

void
smtp_report_put(stralloc *reply, int verdict, const char *s, size_t len)
{
	const char *code, *status, *written;
	char class = verdict == REJECT ? '5' : '4';
	size_t size, written_size;

	trim(&s, &len);
	code = take_code(&s, &len, class);
	status = take_status(&s, &len, class, &size);
	written = take_qmail_status(s, &len, class, &written_size);
	if (!status) {
		status = written ? written : verdict == REJECT ? "5.3.0" : "4.3.0";
		size = written ? written_size : strlen(status);
	}
	trim(&s, &len);
	if (!len) {
		s = verdict == REJECT ? "message refused"
				      : "unable to keep the message now, try again later";
		len = strlen(s);
	}
	reply->len = 0;
	text_catb(reply, code ? code : verdict == REJECT ? "554" : "451", 3);
	text_cat(reply, " ", NULL);
	text_catb(reply, status, size);
	text_cat(reply, " ", NULL);
	text_cat_printable(reply, s, len, TEXT_MAX);
	text_terminate(reply);
}
