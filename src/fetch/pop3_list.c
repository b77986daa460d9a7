#include "fetch/pop3_list.h"
#include "fetch/message_file.h"
#include "fetch/message_name.h"
#include "lib/text.h"

static void
say_numbers(struct pop3_session *session, const char *before, unsigned long long a,
    unsigned long long b)
{
	char text_a[DECIMAL_MAX], text_b[DECIMAL_MAX];

	output_say(&session->out, before, text_decimal(text_a, a), " ",
	    text_decimal(text_b, b), "\r\n", (char *)NULL);
}

/*
 * Find out how long it is; one that can't be read is as long as its file, for the others
 * in the mailbox must not suffer.  Returns 0, or -1 when it is gone.
 */
static int
measure(struct pop3_session *session, struct maildrop_message *message)
{
	if (message_file_measure(&session->drop, message) == 0)
		return 0;
	if (message->gone)
		return -1;
	pop3_session_unreadable(session, message);
	message_file_estimate(&session->drop, message);
	return 0;
}

/* Count what is there. */
static void
measure_all(
    struct pop3_session *session, unsigned long long *count, unsigned long long *octets)
{
	struct maildrop *drop = &session->drop;
	struct maildrop_message *message;

	*count = *octets = 0;
	for (message = drop->messages; message < drop->messages + drop->count;
	     message++) {
		if (!pop3_session_shows(message))
			continue;
		if (measure(session, message) == 0) {
			++*count;
			*octets += message->octets;
		}
	}
}

void
pop3_list_stat(struct pop3_session *session, const struct pop3_arguments *arguments)
{
	unsigned long long count, octets;

	(void)arguments;
	measure_all(session, &count, &octets);
	say_numbers(session, "+OK ", count, octets);
}

static void
list_one(struct pop3_session *session, unsigned long long n)
{
	struct maildrop_message *message = pop3_session_message(session, n);

	if (message == NULL)
		return;
	if (measure(session, message) == -1)
		pop3_session_fail(session, message);
	else
		say_numbers(session, "+OK ", n, message->octets);
}

void
pop3_list_list(struct pop3_session *session, const struct pop3_arguments *arguments)
{
	struct maildrop *drop = &session->drop;
	unsigned long long count, octets;
	size_t i;

	if (arguments->count == 1) {
		list_one(session, arguments->n[0]);
		return;
	}
	measure_all(session, &count, &octets);
	say_numbers(session, "+OK messages and octets: ", count, octets);
	for (i = 0; i < drop->count; i++)
		if (pop3_session_shows(&drop->messages[i]))
			say_numbers(session, "", i + 1, drop->messages[i].octets);
	output_say(&session->out, ".\r\n", (char *)NULL);
}

static void
say_uid(struct pop3_session *session, const char *before, unsigned long long n)
{
	const struct maildrop_message *message = &session->drop.messages[n - 1];
	char number[DECIMAL_MAX], uid[MESSAGE_UID_MAX + 1];

	message_name_uid(uid, maildrop_name(&session->drop, message), message->twin);
	output_say(&session->out, before, text_decimal(number, n), " ", uid, "\r\n",
	    (char *)NULL);
}

void
pop3_list_uidl(struct pop3_session *session, const struct pop3_arguments *arguments)
{
	size_t i;

	if (arguments->count == 1) {
		if (pop3_session_message(session, arguments->n[0]) != NULL)
			say_uid(session, "+OK ", arguments->n[0]);
		return;
	}
	output_say(&session->out, "+OK\r\n", (char *)NULL);
	for (i = 0; i < session->drop.count; i++)
		if (pop3_session_shows(&session->drop.messages[i]))
			say_uid(session, "", i + 1);
	output_say(&session->out, ".\r\n", (char *)NULL);
}
