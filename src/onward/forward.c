#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/address.h"
#include "lib/notify.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "onward/answer.h"
#include "onward/forward.h"
#include "onward/forward_envelope.h"
#include "onward/srs_rule.h"

#define TOP "Delivered-To: "
#define TOP_LEN (sizeof(TOP) - 1)

static const char *
recipient_of(const struct forward *f)
{
	return f->job->envelope.recipients[f->index].address;
}

/* Returns 0, or -1 with errno. */
static int
part_targets(struct forward *f, struct users *users)
{
	struct forward_part *here = &f->parts[0], *elsewhere = &f->parts[1];
	const char *target = f->targets->s, *end = target + f->targets->len;
	int is_same = strcmp(here->sender.s, elsewhere->sender.s) == 0, r;

	for (; target < end; target += strlen(target) + 1) {
		r = is_same ? 0 : srs_rule_is_remote(users, target);
		if (r == -1)
			return -1;
		text_catb(r == 1 ? &elsewhere->targets : &here->targets, target,
		    strlen(target) + 1);
	}
	return 0;
}

int
forward_begin(struct forward *f, struct users *users)
{
	const char *from = f->job->envelope.sender;

	text_set(&f->parts[0].sender, from);
	f->parts[0].mark = "";
	f->parts[1].mark = "\nsrs";
	if (srs_rule_sender(&f->parts[1].sender, users, from, recipient_of(f)) == -1) {
		answer_trouble(&f->answer, "rewrite the sender");
		return -1;
	}
	if (part_targets(f, users) == -1) {
		answer_trouble(&f->answer, "read " USERS_CDB);
		return -1;
	}
	return 0;
}

const struct forward_part *
forward_next(struct forward *f)
{
	const char *recipient = recipient_of(f);
	const struct forward_part *part;
	stralloc key = {0};

	if (f->part > 0 && f->answer.letter != 'K')
		return NULL;
	do {
		if (f->part == 2)
			return NULL;
		part = &f->parts[f->part++];
	} while (part->targets.len == 0);
	if (part != f->parts && f->parts[0].targets.len > 0)
		strcpy(f->other, f->id);
	address_key(&key, recipient, strlen(recipient));
	text_cat(&key, part->mark, (char *)NULL);
	text_terminate(&key);
	queueid_derive(f->id, f->job->id, key.s);
	stralloc_free(&key);
	return part;
}

off_t
forward_length(const struct forward *f)
{
	return (off_t)(TOP_LEN + strlen(recipient_of(f)) + 1) + f->job->length;
}

ssize_t
forward_read(const struct forward *f, off_t at, char *buf, size_t room)
{
	const char *recipient = recipient_of(f);
	off_t top = (off_t)(TOP_LEN + strlen(recipient) + 1), left;
	ssize_t r;

	if (at == 0 && room >= (size_t)top) {
		memcpy(stpcpy(stpcpy(buf, TOP), recipient), "\n", 1);
		return top;
	}
	left = top + f->job->length - at;
	if (left == 0)
		return 0;
	do
		r = pread(f->job->fd, buf, left < (off_t)room ? (size_t)left : room,
		    f->job->offset + at - top);
	while (r == -1 && errno == EINTR);
	if (r == 0)
		errno = EIO; /* it has been cut since its length was told */
	return r > 0 ? r : -1;
}

void
forward_judge(struct forward *f, int verdict, const char *words)
{
	const char *notify =
	    envelope_recipient_parameter(&f->job->envelope, f->index, "NOTIFY");

	if (verdict == ACCEPT)
		outcome_set(&f->answer, 'K', "2.0.0",
		    forward_envelope_is_several(f) && notify_wants(notify, "SUCCESS")
			? OUTCOME_EXPANDED
			: "",
		    "forwarded as ", f->id, (char *)NULL);
	else
		outcome_set(&f->answer, verdict_letter(verdict),
		    verdict == REJECT ? "5.3.0" : "4.3.0", "unable to forward: ",
		    *words != '\0' ? words : "the queue did not take it", (char *)NULL);
}

void
forward_done(struct forward *f)
{
	size_t i;

	for (i = 0; i < 2; i++) {
		stralloc_free(&f->parts[i].sender);
		stralloc_free(&f->parts[i].targets);
	}
	outcome_free(&f->answer);
	memset(f, 0, sizeof(*f));
}
