#include <sysexits.h>
#include <time.h>

#include <errmsg.h>

#include "lib/datetime.h"
#include "lib/dotstuff.h"
#include "lib/header_fix.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "submit/submit_header.h"
#include "submit/submit_message.h"

#define PIECE 16384

/* Append the next piece of the message; the bytes, 0 at its end, or -1, having said so.
 */
static ssize_t
read_piece(struct submit_message *message, stralloc *sa)
{
	ssize_t r;

	text_room(sa, sa->len + PIECE);
	r = submit_input_read(&message->input, sa->s + sa->len, PIECE);
	if (r == -1)
		carpsys("unable to read the message: nothing was sent");
	else
		sa->len += (size_t)r;
	return r;
}

int
submit_message_read_header(struct submit_message *message)
{
	stralloc *head = &message->head;
	ssize_t r;

	do {
		r = read_piece(message, head);
		if (r == -1)
			return EX_IOERR;
		if (submit_header_find_end(head->s, head->len, r == 0, &message->body))
			return 0;
	} while (head->len <= message->header_max);
	carp("the header is too long: nothing was sent");
	return EX_DATAERR;
}

const char *
submit_message_complete(struct submit_message *message, const char *domain,
    const char *caller, stralloc *recipients)
{
	return submit_header_complete(
	    &message->header, message->head.s, message->body, domain, caller, recipients);
}

/* What is on its way. */
struct passage {
	struct header_fix fix;
	struct dotstuff dots;
	struct output *output;
	stralloc fixed;
};

static void
send_on(struct passage *p, const char *s, size_t len)
{
	size_t n;

	for (; len > 0; s += n, len -= n) {
		n = len < PIECE ? len : PIECE;
		p->output->len += dotstuff_encode(
		    &p->dots, output_room(p->output, DOTSTUFF_ROOM(PIECE)), s, n);
	}
}

static void
pass(struct passage *p, const char *s, size_t len)
{
	size_t taken = 0;

	if (!p->fix.ended) {
		p->fixed.len = 0;
		taken = header_fix_feed(&p->fix, &p->fixed, s, len);
		send_on(p, p->fixed.s, p->fixed.len);
	}
	send_on(p, s + taken, len - taken);
}

static void
end(struct passage *p)
{
	if (!p->fix.ended) {
		p->fixed.len = 0;
		header_fix_end(&p->fix, &p->fixed);
		send_on(p, p->fixed.s, p->fixed.len);
	}
	p->output->len += dotstuff_end(&p->dots, output_room(p->output, DOTSTUFF_END));
}

/* The fields to add where they are missing.  Returns 0, or -1 with errno. */
static int
prepare(const struct submit_message *message, struct header_fix *fix)
{
	static stralloc date, message_id;
	char buf[DATETIME_MAX], id[QUEUEID_LEN + 1];

	if (queueid_make(id) == -1)
		return -1;
	text_cat(&date, "Date: ", datetime_rfc5322(buf, time(NULL)), "\n", (char *)NULL);
	text_terminate(&date);
	text_cat(
	    &message_id, "Message-ID: <", id, "@", message->host, ">\n", (char *)NULL);
	text_terminate(&message_id);
	fix->date = date.s;
	fix->message_id = message_id.s;
	fix->from_added = message->from;
	return 0;
}

int
submit_message_send(struct submit_message *message, struct output *output)
{
	static struct passage p;
	ssize_t r;

	p.output = output;
	if (prepare(message, &p.fix) == -1) {
		carpsys("unable to make a message ID: nothing was sent");
		return EX_OSERR;
	}
	pass(&p, message->header.s, message->header.len);
	pass(&p, message->head.s + message->body, message->head.len - message->body);
	do {
		message->head.len = 0;
		r = read_piece(message, &message->head);
		if (r == -1)
			return EX_IOERR;
		pass(&p, message->head.s, message->head.len);
	} while (r > 0 && !output->failed);
	end(&p);
	return 0;
}
