#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <case.h>
#include <errmsg.h>

#include "fetch/message_file.h"
#include "fetch/message_name.h"
#include "fetch/pop3_command.h"
#include "fetch/pop3_list.h"
#include "fetch/pop3_read.h"
#include "fetch/pop3_session.h"
#include "lib/log.h"
#include "lib/text.h"

#define GONE "the message has been removed by another program"

void
pop3_session_refuse(struct pop3_session *session, const char *text)
{
	output_say(&session->out, "-ERR ", text, "\r\n", (char *)NULL);
}

void
pop3_session_unreadable(
    const struct pop3_session *session, const struct maildrop_message *message)
{
	const char *name = maildrop_name(&session->drop, message);
	char id[QUEUEID_LEN + 1];
	const char *reason = strerror(errno);

	log_event(message_name_id(name, id) ? id : NULL, "unreadable", "user",
	    getenv("AUTHUSER"), "client", getenv("TCPREMOTEIP"), "file", name, "reason",
	    reason, (char *)NULL);
}

void
pop3_session_fail(struct pop3_session *session, const struct maildrop_message *message)
{
	if (errno == ENOENT) {
		pop3_session_refuse(session, GONE);
		return;
	}
	pop3_session_unreadable(session, message);
	pop3_session_refuse(session, "[SYS/TEMP] unable to read the message");
}

int
pop3_session_shows(const struct maildrop_message *message)
{
	return !message->deleted && !message->gone;
}

struct maildrop_message *
pop3_session_message(struct pop3_session *session, unsigned long long n)
{
	struct maildrop_message *message;

	if (n == 0 || n > session->drop.count) {
		pop3_session_refuse(session, "no such message");
		return NULL;
	}
	message = &session->drop.messages[n - 1];
	if (pop3_session_shows(message))
		return message;
	pop3_session_refuse(session, message->deleted ? "the message is deleted" : GONE);
	return NULL;
}

void
pop3_session_log(struct pop3_session *session, const char *event,
    const struct maildrop_message *message)
{
	const char *name = maildrop_name(&session->drop, message);
	char id[QUEUEID_LEN + 1], octets[DECIMAL_MAX];
	int known = message_name_id(name, id);

	text_decimal(octets, message->octets);
	log_event(known ? id : NULL, event, "user", getenv("AUTHUSER"), "client",
	    getenv("TCPREMOTEIP"), "bytes",
	    message->octets != MAILDROP_UNMEASURED ? octets : NULL, "file",
	    known ? NULL : name, (char *)NULL);
}

static void
do_dele(struct pop3_session *session, const struct pop3_arguments *arguments)
{
	struct maildrop_message *message = pop3_session_message(session, arguments->n[0]);

	if (message == NULL)
		return;
	message->deleted = 1;
	output_say(&session->out, "+OK deleted at QUIT\r\n", (char *)NULL);
}

static void
do_rset(struct pop3_session *session, const struct pop3_arguments *arguments)
{
	size_t i;

	(void)arguments;
	for (i = 0; i < session->drop.count; i++)
		session->drop.messages[i].deleted = 0;
	output_say(&session->out, "+OK nothing is deleted\r\n", (char *)NULL);
}

static void
do_noop(struct pop3_session *session, const struct pop3_arguments *arguments)
{
	(void)arguments;
	output_say(&session->out, "+OK\r\n", (char *)NULL);
}

static void
do_capa(struct pop3_session *session, const struct pop3_arguments *arguments)
{
	(void)arguments;
	output_say(&session->out, pop3_command_capabilities(0, 1), (char *)NULL);
}

static void
update(struct pop3_session *session)
{
	struct maildrop *drop = &session->drop;
	struct maildrop_message *message;

	for (message = drop->messages; message < drop->messages + drop->count;
	     message++) {
		if (message->deleted && message_file_remove(drop, message) == 0) {
			session->removed++;
			pop3_session_log(session, "deleted", message);
		} else if (message->deleted) {
			carpsys("unable to remove ", maildrop_name(drop, message));
			session->unsure = 1;
		} else if (message->retrieved)
			message_file_mark_seen(drop, message);
	}
	if (message_file_sync_removals(drop) == -1) {
		carpsys("unable to sync the maildir");
		session->unsure = 1;
	}
}

/* The UPDATE state of RFC 1939, 6. */
static void
do_quit(struct pop3_session *session, const struct pop3_arguments *arguments)
{
	(void)arguments;
	/* a pipelining client deletes what it has not received yet: it must get it first
	 */
	output_flush(&session->out);
	if (session->out.failed)
		return;
	session->quit = 1;
	update(session);
	/* or a client that comes back at once might find the maildrop in use by us */
	maildrop_unlock(&session->drop);
	if (session->unsure)
		pop3_session_refuse(
		    session, "[SYS/TEMP] some deleted messages not removed");
	else
		output_say(&session->out, "+OK good bye\r\n", (char *)NULL);
}

static const struct verb {
	const char *name;
	void (*act)(struct pop3_session *session, const struct pop3_arguments *arguments);
	int least; /* arguments */
	int most;
} verbs[] = {
    {"retr", pop3_read_retr, 1, 1},
    {"dele", do_dele, 1, 1},
    {"top", pop3_read_top, 2, 2},
    {"list", pop3_list_list, 0, 1},
    {"uidl", pop3_list_uidl, 0, 1},
    {"stat", pop3_list_stat, 0, 0},
    {"noop", do_noop, 0, 0},
    {"rset", do_rset, 0, 0},
    {"capa", do_capa, 0, 0},
    {"quit", do_quit, 0, 0},
    {NULL, NULL, 0, 0},
};

void
pop3_session_obey(struct pop3_session *session, stralloc *line)
{
	struct pop3_arguments arguments;
	struct pop3_command command;
	const struct verb *verb = verbs;

	text_terminate(line);
	if (!pop3_command_parse(&command, line->s, line->len)) {
		session->errors++;
		pop3_session_refuse(
		    session, "there are control characters in the command");
		return;
	}
	while (verb->name != NULL && !case_equals(verb->name, command.verb))
		verb++;
	if (verb->name == NULL) {
		session->errors++;
		pop3_session_refuse(session, "unknown command");
		return;
	}
	arguments.count = pop3_command_numbers(command.argument, arguments.n, 2);
	if (arguments.count >= verb->least && arguments.count <= verb->most) {
		verb->act(session, &arguments);
		return;
	}
	session->errors++;
	pop3_session_refuse(session, "wrong arguments");
}
