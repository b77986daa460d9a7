#include <string.h>
#include <strings.h>

#include "send/tls_wish.h"

#define OPTIONAL "TLS-Required:"
#define REPORT "TLS-Report-Domain:"
#define LINE_MAX_WISH 1000

void
tls_wish_take(struct tls_wish *wish, const char *line, size_t len)
{
	size_t name = sizeof(OPTIONAL) - 1;

	if (len > 0 && line[len - 1] == '\r')
		len--;
	if (len >= sizeof(REPORT) - 1 &&
	    strncasecmp(line, REPORT, sizeof(REPORT) - 1) == 0)
		wish->is_report = 1;
	if (len < name || strncasecmp(line, OPTIONAL, name) != 0)
		return;
	line += name;
	len -= name;
	while (len > 0 && (*line == ' ' || *line == '\t'))
		line++, len--;
	while (len > 0 && (line[len - 1] == ' ' || line[len - 1] == '\t'))
		len--;
	if (len == 2 && strncasecmp(line, "no", 2) == 0)
		wish->is_optional = 1;
}

void
tls_wish_read(struct tls_wish *wish, const struct mail_source *mail)
{
	char buf[4096 + LINE_MAX_WISH];
	size_t len = 0, from;
	const char *lf;
	off_t at = 0;
	ssize_t r;

	wish->is_optional = wish->is_report = 0;
	while (at < TLS_WISH_BYTES &&
	       (r = mail_source_read(mail, buf + len, sizeof(buf) - len, at)) > 0) {
		at += r;
		len += (size_t)r;
		for (from = 0; (lf = memchr(buf + from, '\n', len - from)) != NULL;
		     from = (size_t)(lf + 1 - buf)) {
			if (lf == buf + from || (lf == buf + from + 1 && lf[-1] == '\r'))
				return;
			tls_wish_take(wish, buf + from, (size_t)(lf - buf) - from);
		}
		/* a line that is longer than what is kept of it is none of these */
		if (len - from > LINE_MAX_WISH)
			from = len - LINE_MAX_WISH;
		len -= from;
		memmove(buf, buf + from, len);
	}
}
