/* The verbs that send messages: RETR, TOP. */

#include <unistd.h>

#include <errmsg.h>

#include "fetch/message_file.h"
#include "fetch/message_send.h"
#include "fetch/session.h"
#include "lib/text.h"

/* Send what top says of the message.  Returns 1, or 0 when the client did not get it. */
static int
send_text(
    struct session *session, struct message *message, struct top top, uint64_t *octets)
{
	char number[DECIMAL_MAX];
	int fd;

	fd = message_file_open(&session->drop, message);
	if (fd == -1) {
		session_fail(session, "read");
		return 0;
	}
	if (top.lines == TOP_ALL && message_file_measure(&session->drop, message) == -1) {
		session_fail(session, "read");
		close(fd);
		return 0;
	}
	if (top.lines == TOP_ALL)
		output_say(&session->out, "+OK ", text_decimal(number, message->octets),
		    " octets\r\n", (char *)NULL);
	else
		output_say(&session->out, "+OK\r\n", (char *)NULL);
	if (message_send(&session->out, fd, top, octets) == -1) {
		carpsys("unable to read ", maildrop_name(&session->drop, message));
		session->incomplete = 1;
	}
	close(fd);
	return !session->incomplete && !session->out.failed;
}

void
session_retr(struct session *session, const struct arguments *arguments)
{
	struct message *message = session_message(session, arguments->n[0]);
	struct top top = {.lines = TOP_ALL};
	uint64_t octets;

	if (message == NULL || !send_text(session, message, top, &octets))
		return;
	message_file_correct(&session->drop, message, octets);
	message->retrieved = 1;
	session->retrieved++;
	session->octets += octets;
	session_log(session, "retrieved", message);
}

void
session_top(struct session *session, const struct arguments *arguments)
{
	struct message *message = session_message(session, arguments->n[0]);
	struct top top = {.lines = arguments->n[1]};
	uint64_t octets;

	if (message != NULL)
		send_text(session, message, top, &octets);
}
