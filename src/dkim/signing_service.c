#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "dkim/signing_question.h"
#include "dkim/signing_service.h"
#include "lib/deadline.h"
#include "lib/netstring.h"
#include "lib/text.h"
#include "lib/unix_connect.h"

#define SECONDS 60 /* for each step */

/* Is it a row of lines that are fields, and folded ones? */
static int
are_fields(const char *s, size_t len)
{
	return len == 0 || (s[len - 1] == '\n' && *s != ' ' && *s != '\t' && *s != '\n');
}

static int
hear(int fd, stralloc *fields)
{
	if (netstring_read(fd, fields, SIGNING_ANSWER_MAX, SECONDS) != 1) {
		carpsys("unable to read from " SIGNING_SERVICE_SOCKET);
		return -1;
	}
	if (fields->len > 0 && *fields->s == 'K' &&
	    are_fields(fields->s + 1, fields->len - 1)) {
		fields->len--;
		memmove(fields->s, fields->s + 1, fields->len);
		return 0;
	}
	text_terminate(fields);
	carp("unable to sign: ",
	    fields->len > 0 && *fields->s == 'Z' ? fields->s + 1 : "senseless answer");
	return -1;
}

int
signing_service_ask(const stralloc *question, stralloc *fields)
{
	int fd = unix_connect(SIGNING_SERVICE_SOCKET, UNIX_CONNECT_SECONDS), r;

	if (fd == -1) {
		carpsys("unable to connect to " SIGNING_SERVICE_SOCKET);
		return -1;
	}
	r = deadline_write_all(fd, question->s, question->len, SECONDS);
	if (r == -1)
		carpsys("unable to write to " SIGNING_SERVICE_SOCKET);
	else
		r = hear(fd, fields);
	close(fd);
	return r;
}
