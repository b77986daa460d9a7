#include <unistd.h>

#include <errmsg.h>

#include "fetch/message_file.h"
#include "fetch/message_send.h"
#include "fetch/pop3_read.h"
#include "lib/text.h"

#define TRIED_FOR_TOP 65536 /* bytes; most headers are shorter */

/* Send what top says of the message.  Returns 1, or 0 when the client did not get it. */
static int
send_text(struct pop3_session *session, struct maildrop_message *message,
    struct message_top top, uint64_t *octets)
{
	char number[DECIMAL_MAX];
	int fd;

	fd = message_file_open(&session->drop, message);
	if (fd == -1) {
		pop3_session_fail(session, message);
		return 0;
	}
	/* once +OK is said, only the end of the session could tell of a fault */
	if (message_send_try(
		fd, top.lines == MESSAGE_TOP_ALL ? UINT64_MAX : TRIED_FOR_TOP) == -1 ||
	    (top.lines == MESSAGE_TOP_ALL &&
		message_file_measure(&session->drop, message) == -1)) {
		pop3_session_fail(session, message);
		close(fd);
		return 0;
	}
	if (top.lines == MESSAGE_TOP_ALL)
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
pop3_read_retr(struct pop3_session *session, const struct pop3_arguments *arguments)
{
	struct maildrop_message *message = pop3_session_message(session, arguments->n[0]);
	struct message_top top = {.lines = MESSAGE_TOP_ALL};
	uint64_t octets;

	if (message == NULL || !send_text(session, message, top, &octets))
		return;
	message_file_correct(&session->drop, message, octets);
	message->retrieved = 1;
	session->retrieved++;
	session->octets += octets;
	pop3_session_log(session, "retrieved", message);
}

void
pop3_read_top(struct pop3_session *session, const struct pop3_arguments *arguments)
{
	struct maildrop_message *message = pop3_session_message(session, arguments->n[0]);
	struct message_top top = {.lines = arguments->n[1]};
	uint64_t octets;

	if (message != NULL)
		send_text(session, message, top, &octets);
}
