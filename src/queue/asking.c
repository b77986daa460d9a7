#include <string.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "lib/deadline.h"
#include "lib/netstring.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "lib/unix_connect.h"
#include "queue/asking.h"

#define SOCKET "run/queue.sock"
#define ANSWER_MAX 1000 /* bytes */
#define SECONDS 15      /* for an answer: the service gives up after 10 */

void
asking_close(struct asking *a)
{
	while (a->count > 0)
		close(a->lines[--a->count]);
}

size_t
asking_open(struct asking *a, size_t wanted)
{
	while (a->count < wanted && a->count < ASKING_LINES) {
		int fd = unix_connect(SOCKET, UNIX_CONNECT_SECONDS);

		if (fd == -1)
			break;
		a->lines[a->count++] = fd;
	}
	return a->count < wanted ? a->count : wanted;
}

void
asking_say(struct asking *a, size_t line, const char *id)
{
	char text[1 + QUEUEID_LEN + 1] = "X";
	stralloc netstring = {0};

	strcpy(text + 1, id);
	netstring_put(&netstring, text, strlen(text));
	a->said[line] =
	    deadline_write_all(a->lines[line], netstring.s, netstring.len, SECONDS) == 0;
	stralloc_free(&netstring);
}

int
asking_hear(struct asking *a, size_t line, const char *id)
{
	static stralloc answer; /* a cache */
	int r = a->said[line]
		    ? netstring_read(a->lines[line], &answer, ANSWER_MAX, SECONDS)
		    : 0;

	if (r == 1 && answer.len > 0 && *answer.s == 'K')
		return 0;
	if (r == -1)
		carpsys(id, ": no answer from " SOCKET);
	else if (r == 0 || answer.len == 0)
		carp(id, ": no answer from " SOCKET ": the service has ended");
	else {
		text_terminate(&answer);
		carp(id, ": ", answer.s + 1);
	}
	return -1;
}
