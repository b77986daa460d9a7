#include <string.h>

#include "lib/enhanced_status.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "smtp/sink_reply.h"

#define TEXT_MAX 480 /* of a reply line of 512 bytes: RFC 5321, 4.5.3.1.5 */

static int
is_digit(char c)
{
	return c >= '0' && c <= '9';
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
	if (enhanced_status_scan(s + i + 2, *size, class) != *size)
		return NULL;
	*len = i;
	return s + i + 2;
}

/* Take an SMTP code of the class off *s; null when there is none. */
static const char *
take_code(const char **s, size_t *len, char class)
{
	const char *code = *s;

	if (*len <= 4 || code[0] != class || !is_digit(code[1]) || !is_digit(code[2]) ||
	    code[3] != ' ')
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

	*size = enhanced_status_scan(status, *len, class);
	if (!*size)
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
	for (; *len && memchr(" \r\n", (*s)[*len - 1], 3) != NULL; (*len)--)
		;
}

void
sink_reply_put(stralloc *reply, int verdict, const char *s, size_t len)
{
	const char *code, *status, *written;
	char class = verdict == REJECT ? '5' : '4';
	size_t size, written_size;

	trim(&s, &len);
	code = take_code(&s, &len, class);
	status = take_status(&s, &len, class, &size);
	written = take_qmail_status(s, &len, class, &written_size);
	if (status == NULL) {
		status = written != NULL     ? written
			 : verdict == REJECT ? "5.3.0"
					     : "4.3.0";
		size = written != NULL ? written_size : strlen(status);
	}
	trim(&s, &len);
	if (!len) {
		s = verdict == REJECT ? "message refused"
				      : "unable to keep the message now, try again later";
		len = strlen(s);
	}
	reply->len = 0;
	text_catb(reply, code != NULL ? code : verdict == REJECT ? "554" : "451", 3);
	text_cat(reply, " ", (char *)NULL);
	text_catb(reply, status, size);
	text_cat(reply, " ", (char *)NULL);
	text_cat_printable(reply, s, len, TEXT_MAX);
	text_terminate(reply);
}
