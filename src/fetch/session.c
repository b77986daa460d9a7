#include <errno.h>
#include <stdlib.h>

#include <case.h>
#include <errmsg.h>

#include "fetch/message_file.h"
#include "fetch/message_name.h"
#include "fetch/pop3_command.h"
#include "fetch/session.h"
#include "lib/log.h"
#include "lib/text.h"

#define GONE "the message has been removed by another program"

void
session_refuse(struct session *session, const char *text)
{
	output_say(&session->out, "-ERR ", text, "\r\n", (char *)NULL);
}

void
session_fail(struct session *session, const char *what)
{
	if (errno == ENOENT) {
		session_refuse(session, GONE);
		return;
	}
	carpsys("unable to ", what, " a message");
	output_say(&session->out, "-ERR [SYS/TEMP] unable to ", what, " the message\r\n",
	    (char *)NULL);
}

int
session_shows(const struct message *message)
{
	return !message->deleted && !message->gone;
}

struct message *
session_message(struct session *session, unsigned long long n)
{
	struct message *message;

	if (n == 0 || n > session->drop.count) {
		session_refuse(session, "no such message");
		return NULL;
	}
	message = &session->drop.messages[n - 1];
	if (session_shows(message))
		return message;
	session_refuse(session, message->deleted ? "the message is deleted" : GONE);
	return NULL;
}

void
session_log(struct session *session, const char *event, const struct message *message)
{
	const char *name = maildrop_name(&session->drop, message);
	char id[QUEUEID_LEN + 1], octets[DECIMAL_MAX];
	int known = message_name_id(name, id);

	text_decimal(octets, message->octets);
	log_event(known ? id : NULL, event, "user", getenv("MAILBOX"), "client",
	    getenv("TCPREMOTEIP"), "bytes",
	    message->octets != MESSAGE_UNMEASURED ? octets : NULL, "file",
	    known ? NULL : name, (char *)NULL);
}

static void
do_dele(struct session *session, const struct arguments *arguments)
{
	struct message *message = session_message(session, arguments->n[0]);

	if (message == NULL)
		return;
	message->deleted = 1;
	output_say(&session->out, "+OK deleted at QUIT\r\n", (char *)NULL);
}

static void
do_rset(struct session *session, const struct arguments *arguments)
{
	size_t i;

	(void)arguments;
	for (i = 0; i < session->drop.count; i++)
		session->drop.messages[i].deleted = 0;
	output_say(&session->out, "+OK nothing is deleted\r\n", (char *)NULL);
}

static void
do_noop(struct session *session, const struct arguments *arguments)
{
	(void)arguments;
	output_say(&session->out, "+OK\r\n", (char *)NULL);
}

static void
do_capa(struct session *session, const struct arguments *arguments)
{
	(void)arguments;
	output_say(&session->out, pop3_command_capabilities(), (char *)NULL);
}

static void
update(struct session *session)
{
	struct maildrop *drop = &session->drop;
	struct message *message;

	for (message = drop->messages; message < drop->messages + drop->count;
	     message++) {
		if (message->deleted && message_file_remove(drop, message) == 0) {
			session->removed++;
			session_log(session, "deleted", message);
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
do_quit(struct session *session, const struct arguments *arguments)
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
		session_refuse(session, "[SYS/TEMP] some deleted messages not removed");
	else
		output_say(&session->out, "+OK good bye\r\n", (char *)NULL);
}

static const struct verb {
	const char *name;
	void (*act)(struct session *session, const struct arguments *arguments);
	int least; /* arguments */
	int most;
} verbs[] = {
    {"retr", session_retr, 1, 1},
    {"dele", do_dele, 1, 1},
    {"top", session_top, 2, 2},
    {"list", session_list, 0, 1},
    {"uidl", session_uidl, 0, 1},
    {"stat", session_stat, 0, 0},
    {"noop", do_noop, 0, 0},
    {"rset", do_rset, 0, 0},
    {"capa", do_capa, 0, 0},
    {"quit", do_quit, 0, 0},
    {NULL, NULL, 0, 0},
};

void
session_obey(struct session *session, stralloc *line)
{
	struct arguments arguments;
	struct pop3_command command;
	const struct verb *verb = verbs;

	text_terminate(line);
	if (!pop3_command_parse(&command, line->s, line->len)) {
		session->errors++;
		session_refuse(session, "there are control characters in the command");
		return;
	}
	while (verb->name != NULL && !case_equals(verb->name, command.verb))
		verb++;
	if (verb->name == NULL) {
		session->errors++;
		session_refuse(session, "unknown command");
		return;
	}
	arguments.count = pop3_command_numbers(command.argument, arguments.n, 2);
	if (arguments.count >= verb->least && arguments.count <= verb->most) {
		verb->act(session, &arguments);
		return;
	}
	session->errors++;
	session_refuse(session, "wrong arguments");
}
