/* mailbox-check: answer whether a mailbox exists and has room. */

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "deliver/alias.h"
#include "deliver/mailbox.h"
#include "deliver/mailbox_quota.h"
#include "deliver/recount.h"
#include "lib/clients.h"
#include "lib/clients_most.h"
#include "lib/deadline.h"
#include "lib/envelope.h"
#include "lib/home.h"
#include "lib/log.h"
#include "lib/maildirsize.h"
#include "lib/netstring.h"
#include "lib/ready.h"
#include "lib/text.h"
#include "lib/users.h"
#include "lib/verdict.h"
#include "onward/owner.h"
#include "onward/srs_rule.h"

#define QUESTION_MAX (ENVELOPE_ADDRESS_MAX + DECIMAL_MAX)
#define IDLE 86400 /* seconds between questions: the SMTP session has its own limits */
#define TIMEOUT 60 /* seconds for the client to take an answer */

#define YES "K"
#define FULL "Z452 4.2.2 the mailbox is full"
#define TOO_LARGE "D552 5.2.2 the message is larger than the mailbox may become"
#define UNKNOWN "D550 5.1.1 there is no such mailbox here"
#define FORGED "D550 5.1.1 this address was not made here of a sender"
#define EXPIRED                                                                          \
	"D550 5.1.1 this address was made of a sender for some weeks, and they are over"
#define TROUBLE "Z451 4.3.0 the mailbox can't be looked at now"

#define STEPS_MAX 5000 /* of maildircount, for one question */
#define STEPS_FEW 500  /* or so many, when there was much to count just before */
#define SHARE 4        /* for each time of counting there are so many without */

static struct users users = {.fd = -1};
static int64_t may_count_at; /* in microseconds */

/* Something is wrong here: the log says what, the client only that. */
static const char *
trouble(const char *address, const char *what)
{
	log_event(NULL, "deferred", "rcpt", address, "text", what, "reason",
	    strerror(errno), (char *)NULL);
	return TROUBLE;
}

static int64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/*
 * As maildirsize_fits, but no mailbox keeps us from the questions about others for long:
 * what takes more is done beside, for the next question.
 */
static int
fits(int maildir, unsigned long long quota, unsigned long long size,
    unsigned long long *room)
{
	int64_t begun = now(), end;
	int r;

	r = maildirsize_room(
	    maildir, quota, size, begun < may_count_at ? STEPS_FEW : STEPS_MAX, room);
	end = now();
	if (end > may_count_at)
		may_count_at = end + SHARE * (end - begun);
	if (r == MAILDIRSIZE_UNCOUNTED || r == MAILDIRSIZE_WAS_FULL)
		recount_begin(maildir, quota);
	return r;
}

/*
 * The mailbox has room for so many bytes.  Whoever asks may grant from them for a moment,
 * so the answer says whose they are.  One that is named like a rewritten sender is
 * not asked about under each of its names (check_sender): nothing is granted there.
 */
static const char *
say_room(const struct user *mailbox, unsigned long long room)
{
	static stralloc said;
	char digits[DECIMAL_MAX];

	if (srs_is(mailbox->address.s))
		return YES;
	said.len = 0;
	text_cat(&said, YES "Room: ", text_decimal(digits, room), " ", mailbox->address.s,
	    (char *)NULL);
	text_terminate(&said);
	return said.s;
}

static const char *
check_room(const char *address, const struct user *mailbox, unsigned long long size)
{
	static stralloc folder;
	unsigned long long quota, room;
	int maildir, r;

	if (mailbox_quota(mailbox, &quota) == -1)
		return trouble(address, "unable to read control/quota");
	if (quota == 0)
		return say_room(mailbox, ~0ull);
	if (size > quota)
		return TOO_LARGE;
	folder.len = 0;
	if (!users_folder(&folder, mailbox->address.s)) {
		errno = EINVAL;
		return trouble(address, "unable to name a folder after the mailbox");
	}
	maildir = mailbox_enter(folder.s, mailbox->uid, mailbox->gid);
	if (maildir == -1)
		return errno == ENOENT ? say_room(mailbox, quota)
				       : trouble(address, "unable to enter the mailbox");
	/* of an unknown size: is there any room? */
	r = fits(maildir, quota, size > 0 ? size : 1, &room);
	owner_return();
	close(maildir);
	if (r == -1)
		return trouble(address, "unable to count the messages");
	if (r == MAILDIRSIZE_FITS)
		return say_room(mailbox, room);
	return r == MAILDIRSIZE_UNCOUNTED ? YES : FULL;
}

/* An address that was made of a sender, as our forwards have it?  Null: it is none. */
static const char *
check_sender(const char *address)
{
	enum srs_result result;
	stralloc sender = {0};

	if (!srs_is(address) || srs_rule_is_remote(&users, address) != 0)
		return NULL;
	if (srs_rule_reverse(&sender, address, time(NULL), &result) == -1)
		return trouble(address, "unable to read control/srssecrets");
	stralloc_free(&sender);
	switch (result) {
	case SRS_GOOD:
		return YES;
	case SRS_FORGED:
		return FORGED;
	case SRS_EXPIRED:
		return EXPIRED;
	default:
		return NULL;
	}
}

static const char *
check(const char *address, unsigned long long size)
{
	static struct user user, target;
	const char *of_sender;
	int found, only = 0;

	found = users_refresh(&users);
	of_sender = found == 0 ? check_sender(address) : NULL;
	if (of_sender != NULL)
		return of_sender;
	if (found == 0)
		found = users_find(&users, address, strlen(address), &user);
	if (found == 1 && user.kind == USER_ALIAS)
		only = alias_only_mailbox(&users, &user, &target);
	if (found == -1 || only == -1)
		return trouble(address, "unable to read " USERS_CDB);
	if (found == 0)
		return UNKNOWN;
	if (user.kind == USER_MAILBOX)
		return check_room(address, &user, size);
	return only ? check_room(address, &target, size) : YES;
}

/* Null when the question makes no sense. */
static const char *
answer(stralloc *question)
{
	unsigned long long size;
	size_t len;

	text_terminate(question);
	len = strlen(question->s);
	if (len == 0 || len + 1 >= question->len ||
	    !text_number(question->s + len + 1, question->len - len - 1, ~0ull, &size)) {
		carp("malformed question");
		return NULL;
	}
	return check(question->s, size);
}

/* The questions of one client, on descriptor 0. */
static int
answer_one(void)
{
	static stralloc question, reply;
	const char *said;
	int r;

	while ((r = netstring_read(0, &question, QUESTION_MAX, IDLE)) == 1) {
		said = answer(&question);
		if (said == NULL)
			return DEFER;
		reply.len = 0;
		netstring_put(&reply, said, strlen(said));
		if (deadline_write_all(1, reply.s, reply.len, TIMEOUT) == -1)
			diesys(DEFER, "unable to answer");
	}
	if (r == -1)
		diesys(DEFER, "unable to read a question");
	return ACCEPT;
}

/* Those of one client among others, as far as they are here. */
static int
answer_heard(void *state, stralloc *heard, stralloc *reply)
{
	static stralloc question;
	size_t start, size;
	const char *said;
	ssize_t used;

	(void)state;
	while ((used = netstring_scan(
		    heard->s, heard->len, QUESTION_MAX, &start, &size)) > 0) {
		question.len = 0;
		text_catb(&question, heard->s + start, size);
		said = answer(&question);
		if (said == NULL)
			return -1;
		netstring_put(reply, said, strlen(said));
		heard->len -= (size_t)used;
		memmove(heard->s, heard->s + used, heard->len);
	}
	return used == -1 ? -1 : 0;
}

/*
 * The questions of all clients of the socket on descriptor 0.  One process for each of
 * them, as for all else, would cost more than the rest of what an SMTP session does.
 */
static int
answer_all(size_t most)
{
	static const struct clients_service service = {.take = answer_heard};

	ready_tell();
	clients_serve(0, most, &service);
	diesys(DEFER, "unable to serve the socket");
}

int
main(int argc, char **argv)
{
	size_t most;

	errmsg_iam("mailbox-check");
	most = clients_most_take(argc, argv, 0, "usage: mailbox-check [-l clients]");
	home_enter();
	umask(077);
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	owner_begin();

	return most > 0 ? answer_all(most) : answer_one();
}
