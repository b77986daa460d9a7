#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errmsg.h>

#include "accept/judgement.h"
#include "accept/large_room.h"
#include "accept/large_take.h"
#include "accept/slots.h"
#include "lib/deadline.h"
#include "lib/durable.h"
#include "lib/netstring.h"
#include "lib/text.h"
#include "queue/writer.h"

#define DEADLINE 86400 /* seconds; qmail-queue's */
#define PIECE 65536    /* bytes read at once */
#define MODE 0600

#define ANSWER_NO_QUEUE "Zunable to use the queue (#4.3.0)"
#define ANSWER_CROWDED "Ztoo many large envelopes are on their way (#4.3.1)"
#define ANSWER_FAILED "Zunable to write to the queue (#4.3.0)"

static struct durable file = {.fd = -1};
static struct writer writer;
static int is_known, has_claimed;
static size_t room; /* where the memory of our envelope is claimed */

/* Returns what is to be answered, or null. */
static const char *
begin_file(void)
{
	int is_full;

	if (durable_begin(&file, AT_FDCWD, SLOTS_FOLDER, MODE) == 0) {
		writer_begin(&writer, file.fd);
		return NULL;
	}
	is_full = durable_is_full(errno);
	carpsys("unable to create a file in " SLOTS_FOLDER);
	return is_full ? ANSWER_FAILED : ANSWER_NO_QUEUE;
}

/* What has come of the message goes to the file.  Returns 0, or -1 with errno. */
static int
put(struct exchange *e)
{
	const char *s = e->message.s;
	size_t len = e->message.len, n;
	char *room;

	for (; len > 0; s += n, len -= n) {
		if (writer_room(&writer, &room, &n) == -1)
			return -1;
		if (n > len)
			n = len;
		memcpy(room, s, n);
		writer_took(&writer, n);
	}
	e->message.len = 0;
	return 0;
}

/* A taken name is the same message, of somebody who was killed. */
static const char *
commit(struct exchange *e)
{
	static char answer[1 + QUEUEID_LEN + 1] = "K";
	const char *wrong = judgement_of_envelope(&e->text);

	if (wrong != NULL)
		return wrong;
	strcpy(answer + 1, e->id);
	if (is_known)
		return answer;
	if (writer_end(&writer, e->text.s, e->text.len) == -1 ||
	    (durable_commit(&file, SLOTS_FOLDER, e->id) == -1 && errno != EEXIST)) {
		carpsys("unable to write message ", e->id, " to " SLOTS_FOLDER);
		return ANSWER_FAILED;
	}
	return answer;
}

/* A long envelope has begun.  Returns 0, or -1 when there are too many of them. */
static int
claim(const struct exchange *e)
{
	if (has_claimed || e->expects != EXCHANGE_ENVELOPE || !e->in_content ||
	    e->text.len + e->left <= EXCHANGE_SMALL)
		return 0;
	has_claimed = 1;
	return large_room_claim(room, e->text.len + e->left);
}

/* Take s[0..len), which is all of it if nothing else follows.  Returns what is to be
 * answered, or null when more is to come. */
static const char *
take(struct exchange *e, const char *s, size_t len, int *is_over)
{
	enum exchange_event event;
	size_t n = exchange_take(e, s, len, &event);

	*is_over = event == EXCHANGE_MESSAGE && n == len;
	if (event == EXCHANGE_BAD) {
		carp("a client breaks the protocol, it is left");
		_exit(1);
	}
	if (put(e) == -1) {
		*is_over = 0;
		carpsys("unable to write to " SLOTS_FOLDER);
		return ANSWER_FAILED;
	}
	if (event != EXCHANGE_MESSAGE)
		return claim(e) == 0 ? NULL : ANSWER_CROWDED;
	return commit(e);
}

/* What has come wholly, before it got here. */
static const char *
take_whole(struct exchange *e)
{
	if (put(e) == 0)
		return commit(e);
	carpsys("unable to write to " SLOTS_FOLDER);
	return ANSWER_FAILED;
}

int
large_take(int fd, struct exchange *e, const stralloc *rest, enum large_take_how how,
    size_t place)
{
	static char piece[PIECE];
	stralloc netstring = {0};
	const char *answer;
	int is_over = 0, is_kept;
	ssize_t r;

	alarm(DEADLINE);
	umask(077);
	e->unbound = 1;
	is_known = how == LARGE_TAKE_KNOWN;
	room = place;
	answer = begin_file();
	if (answer == NULL)
		answer = how == LARGE_TAKE_WHOLE ? take_whole(e)
						 : take(e, rest->s, rest->len, &is_over);
	is_over |= how == LARGE_TAKE_WHOLE && rest->len == 0;
	while (answer == NULL) {
		r = deadline_read(fd, piece, sizeof piece, LARGE_TAKE_SECONDS);
		if (r <= 0)
			return LARGE_TAKE_OVER;
		answer = take(e, piece, (size_t)r, &is_over);
	}
	netstring_put(&netstring, answer, strlen(answer));
	is_kept = *answer == 'K' ? LARGE_TAKE_KEPT : 0;
	if (deadline_write_all(fd, netstring.s, netstring.len, LARGE_TAKE_SECONDS) == -1)
		return LARGE_TAKE_OVER | is_kept;
	durable_abandon(&file);
	return (is_over ? 0 : LARGE_TAKE_OVER) | is_kept;
}
