/* The verbs that tell what is there: STAT, LIST, UIDL. */

#include "fetch/message_file.h"
#include "fetch/message_name.h"
#include "fetch/session.h"
#include "lib/text.h"

static void
say_numbers(struct session *session, const char *before, unsigned long long a,
    unsigned long long b)
{
	char text_a[DECIMAL_MAX], text_b[DECIMAL_MAX];

	output_say(&session->out, before, text_decimal(text_a, a), " ",
	    text_decimal(text_b, b), "\r\n", (char *)NULL);
}

/* Count what is there.  Returns 0, or -1 when that has been answered with an error. */
static int
measure_all(
    struct session *session, unsigned long long *count, unsigned long long *octets)
{
	struct maildrop *drop = &session->drop;
	struct message *message;

	*count = *octets = 0;
	for (message = drop->messages; message < drop->messages + drop->count;
	     message++) {
		if (!session_shows(message))
			continue;
		if (message_file_measure(drop, message) == 0) {
			++*count;
			*octets += message->octets;
		} else if (!message->gone) {
			session_fail(session, "measure");
			return -1;
		}
	}
	return 0;
}

void
session_stat(struct session *session, const struct arguments *arguments)
{
	unsigned long long count, octets;

	(void)arguments;
	if (measure_all(session, &count, &octets) == 0)
		say_numbers(session, "+OK ", count, octets);
}

static void
list_one(struct session *session, unsigned long long n)
{
	struct message *message = session_message(session, n);

	if (message == NULL)
		return;
	if (message_file_measure(&session->drop, message) == -1)
		session_fail(session, "measure");
	else
		say_numbers(session, "+OK ", n, message->octets);
}

void
session_list(struct session *session, const struct arguments *arguments)
{
	struct maildrop *drop = &session->drop;
	unsigned long long count, octets;
	size_t i;

	if (arguments->count == 1) {
		list_one(session, arguments->n[0]);
		return;
	}
	if (measure_all(session, &count, &octets) == -1)
		return;
	say_numbers(session, "+OK messages and octets: ", count, octets);
	for (i = 0; i < drop->count; i++)
		if (session_shows(&drop->messages[i]))
			say_numbers(session, "", i + 1, drop->messages[i].octets);
	output_say(&session->out, ".\r\n", (char *)NULL);
}

static void
say_uid(struct session *session, const char *before, unsigned long long n)
{
	const struct message *message = &session->drop.messages[n - 1];
	char number[DECIMAL_MAX], uid[UID_MAX + 1];

	message_name_uid(uid, maildrop_name(&session->drop, message), message->twin);
	output_say(&session->out, before, text_decimal(number, n), " ", uid, "\r\n",
	    (char *)NULL);
}

void
session_uidl(struct session *session, const struct arguments *arguments)
{
	size_t i;

	if (arguments->count == 1) {
		if (session_message(session, arguments->n[0]) != NULL)
			say_uid(session, "+OK ", arguments->n[0]);
		return;
	}
	output_say(&session->out, "+OK\r\n", (char *)NULL);
	for (i = 0; i < session->drop.count; i++)
		if (session_shows(&session->drop.messages[i]))
			say_uid(session, "", i + 1);
	output_say(&session->out, ".\r\n", (char *)NULL);
}
