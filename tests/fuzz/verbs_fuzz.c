/*
 * A dialogue without its messages: whatever a client says, each reply is a line that a
 * client can read, and what goes into the envelope holds together.
 */

#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/envelope.h"
#include "lib/line.h"
#include "lib/text.h"
#include "smtp/session.h"
#include "smtp/verbs.h"

#define REPLIES_MAX 1048576

static struct session session = {.login = -1};
static int nothing, replies, log_copy;

static void
begin(const uint8_t *data, size_t len)
{
	static int begun;

	if (!begun++) {
		nothing = open("/dev/null", O_RDWR);
		replies = memfd_create("replies", 0);
		log_copy = dup(2);
		text_cat(&session.me, "mx.test", NULL);
		text_terminate(&session.me);
		session.client = "192.0.2.1";
		session.takes_auth = session.clear_auth = 1;
		session.databytes = 1000000;
	}
	session_reset(&session);
	session.helo.len = 0;
	session.extended = 0;
	session.strikes = session.idle = 0;
	session.ending = NULL;
	memset(&session.channel, 0, offsetof(struct wire, replies));
	wire_open(&session.channel, nothing, replies, 1, 0);
	memcpy(session.channel.input, data, len);
	session.channel.end = len;
}

/* What hands the connection or a message to others is left out. */
static int
is_played(const char *line, size_t len)
{
	static const char *const verbs[] = {"data", "bdat", "starttls", NULL};
	int i;

	for (i = 0; verbs[i] != NULL; i++)
		if (len >= strlen(verbs[i]) &&
		    strncasecmp(line, verbs[i], strlen(verbs[i])) == 0)
			return 0;
	return 1;
}

static void
converse(void)
{
	const char *line;
	size_t len;
	int r;

	while (session.ending == NULL) {
		r = wire_line(&session.channel, &line, &len);
		if (r == LINE_OK && is_played(line, len))
			verbs_run(&session, line, len);
		else if (r == WIRE_LINE_TLS)
			session_expel(&session, "TLS");
		else if (r == LINE_LONG)
			session_complain(&session, "500 5.5.2 long");
		else if (r != LINE_OK)
			session_lose(&session, r == LINE_EOF ? 0 : -1);
		if (session.strikes > SESSION_STRIKES_MAX)
			break;
	}
}

/* "250-..." or "250 ...", printable, of bounded length. */
static void
check_replies(void)
{
	static char s[REPLIES_MAX];
	ssize_t len = pread(replies, s, sizeof s, 0);
	char *line, *end;

	for (line = s; line < s + len; line = end + 2) {
		end = memmem(line, (size_t)(s + len - line), "\r\n", 2);
		if (end == NULL || end - line < 4 || end - line > 510 || *line < '2' ||
		    *line > '5' || (line[3] != ' ' && line[3] != '-'))
			abort();
		for (; line < end; line++)
			if (*line < ' ' || *line == 127)
				abort();
	}
	if (ftruncate(replies, 0) == -1 || lseek(replies, 0, SEEK_SET) == -1)
		abort();
}

static void
check_envelope(void)
{
	const struct session_transaction *t = &session.transaction;
	struct envelope envelope = {0};
	stralloc copy = {0};

	if (!t->begun || !t->recipients)
		return;
	text_catb(&copy, t->envelope.s, t->envelope.len);
	envelope_end(&copy);
	if (envelope_parse(&envelope, copy.s, copy.len) != ENVELOPE_OK ||
	    envelope.count != t->recipients || strcmp(envelope.sender, t->sender.s) != 0)
		abort();
	envelope_free(&envelope);
	stralloc_free(&copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	if (len > WIRE_INPUT_SIZE)
		return 0;
	begin(data, len);
	dup2(nothing, 2); /* the log */
	converse();
	wire_flush(&session.channel);
	dup2(log_copy, 2);
	check_replies();
	check_envelope();
	return 0;
}
