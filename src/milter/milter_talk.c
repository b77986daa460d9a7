#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "milter/milter_packet.h"
#include "milter/milter_talk.h"

/* The client's name, where there is none its address in brackets; family, port, address.
 */
static void
put_client(stralloc *out)
{
	const char *ip = milter_macros_client_address(), *port = getenv("TCPREMOTEPORT");
	const char *name = milter_macros_client_name();
	unsigned long long number = 0;
	int is_named = strcmp(name, "unknown") != 0;

	text_cat(out, is_named ? name : "[", is_named ? "" : ip, is_named ? "" : "]",
	    (char *)NULL);
	milter_packet_put(out, "", 1);
	milter_packet_put(out, strchr(ip, ':') != NULL ? "6" : "4", 1);
	if (port != NULL)
		text_number(port, strlen(port), 65535, &number);
	milter_packet_put(
	    out, (char[]){(char)(number >> 8 & 255), (char)(number & 255)}, 2);
	milter_packet_put_string(out, ip);
}

int
milter_talk_connect(struct milter_session *t)
{
	stralloc *out = &t->channel.out;
	size_t at;

	t->message = (struct milter_macros_message){0};
	if (milter_session_spares(t, MILTER_NO_CONNECT))
		return milter_session_note(
		    t, MILTER_VERDICT_NONE, MILTER_SESSION_CONNECTED, 1);
	milter_session_put_macros(t, MILTER_MACROS_CONNECT, MILTER_SAY_CONNECT);
	at = milter_packet_begin(out, MILTER_SAY_CONNECT);
	put_client(out);
	milter_packet_end(out, at);
	return milter_session_note(t, milter_session_ask(t, 0, MILTER_NO_REPLY_CONNECT),
	    MILTER_SESSION_CONNECTED, 1);
}

int
milter_talk_helo(struct milter_session *t, const char *name)
{
	size_t at;

	if (t->state.is_done_with_all)
		return MILTER_VERDICT_NONE;
	if (milter_session_spares(t, MILTER_NO_HELO))
		return milter_session_note(
		    t, MILTER_VERDICT_NONE, MILTER_SESSION_GREETED, 1);
	milter_session_put_macros(t, MILTER_MACROS_HELO, MILTER_SAY_HELO);
	at = milter_packet_begin(&t->channel.out, MILTER_SAY_HELO);
	milter_packet_put_string(&t->channel.out, name);
	milter_packet_end(&t->channel.out, at);
	return milter_session_note(
	    t, milter_session_ask(t, 0, MILTER_NO_REPLY_HELO), MILTER_SESSION_GREETED, 1);
}

/* The address in brackets, then each of its parameters. */
static void
put_address(stralloc *out, char command, const char *address, const char *s)
{
	size_t at = milter_packet_begin(out, command), len;

	milter_packet_put(out, "<", 1);
	milter_packet_put(out, address, strlen(address));
	milter_packet_put_string(out, ">");
	for (s += strspn(s, " "); *s != '\0'; s += len + strspn(s + len, " ")) {
		len = strcspn(s, " ");
		milter_packet_put(out, s, len);
		milter_packet_put(out, "", 1);
	}
	milter_packet_end(out, at);
}

int
milter_talk_mail(
    struct milter_session *t, const char *id, const char *address, const char *parameters)
{
	t->message = (struct milter_macros_message){.id = id, .sender = address};
	t->state.is_done_with_message = t->state.is_done_with_all;
	t->state.is_discarded = 0;
	t->state.skipped = 0;
	if (t->state.is_done_with_all)
		return MILTER_VERDICT_NONE;
	if (milter_session_spares(t, MILTER_NO_MAIL))
		return milter_session_note(
		    t, MILTER_VERDICT_NONE, MILTER_SESSION_MAIL, 0);
	milter_session_put_macros(t, MILTER_MACROS_MAIL, MILTER_SAY_MAIL);
	put_address(&t->channel.out, MILTER_SAY_MAIL, address, parameters);
	return milter_session_note(
	    t, milter_session_ask(t, 0, MILTER_NO_REPLY_MAIL), MILTER_SESSION_MAIL, 0);
}

int
milter_talk_rcpt(struct milter_session *t, const char *address, const char *parameters)
{
	int verdict;

	if (t->state.is_done_with_message)
		return MILTER_VERDICT_NONE;
	if (milter_session_spares(t, MILTER_NO_RCPT))
		return milter_session_note(
		    t, MILTER_VERDICT_NONE, MILTER_SESSION_RCPT, 0);
	t->message.recipient = address;
	milter_session_put_macros(t, MILTER_MACROS_RCPT, MILTER_SAY_RCPT);
	put_address(&t->channel.out, MILTER_SAY_RCPT, address, parameters);
	verdict = milter_session_ask(t, MILTER_NO_RCPT, MILTER_NO_REPLY_RCPT);
	t->message.recipient = NULL;
	return milter_session_note(t, verdict, MILTER_SESSION_RCPT, 0);
}

/* A command without data. */
static int
say(struct milter_session *t, enum milter_macros_stage stage, char command,
    uint32_t spared, uint32_t quiet)
{
	stralloc *out = &t->channel.out;

	if (t->state.is_done_with_message || milter_session_spares(t, spared))
		return MILTER_VERDICT_NONE;
	milter_session_put_macros(t, stage, command);
	milter_packet_end(out, milter_packet_begin(out, command));
	return milter_session_note(
	    t, milter_session_ask(t, 0, quiet), MILTER_SESSION_DATA, 0);
}

int
milter_talk_data(struct milter_session *t)
{
	return say(
	    t, MILTER_MACROS_DATA, MILTER_SAY_DATA, MILTER_NO_DATA, MILTER_NO_REPLY_DATA);
}

void
milter_talk_go_on(struct milter_session *t)
{
	if (!t->state.is_done_with_message && !milter_session_spares(t, MILTER_NO_DATA))
		milter_session_put_macros(t, MILTER_MACROS_DATA, MILTER_SAY_DATA);
}

/* A string, at most max bytes of it. */
static void
put_cut(stralloc *out, const char *s, size_t max)
{
	milter_packet_put(out, s, strnlen(s, max));
	milter_packet_put(out, "", 1);
}

int
milter_talk_header(struct milter_session *t, const char *name, const char *value)
{
	stralloc *out = &t->channel.out;
	size_t at;

	if (t->state.is_done_with_message || milter_session_spares(t, MILTER_NO_HEADERS))
		return MILTER_VERDICT_NONE;
	if (!(t->state.options.steps & MILTER_LEADING_SPACE) && *value == ' ')
		value++;
	at = milter_packet_begin(out, MILTER_SAY_HEADER);
	put_cut(out, name, MILTER_PACKET_NAME);
	put_cut(out, value, MILTER_PACKET_FIELD);
	milter_packet_end(out, at);
	return milter_session_note(t,
	    milter_session_ask(t, MILTER_NO_HEADERS, MILTER_NO_REPLY_HEADER),
	    MILTER_SESSION_DATA, 0);
}

int
milter_talk_header_end(struct milter_session *t)
{
	return say(t, MILTER_MACROS_HEADER_END, MILTER_SAY_HEADER_END,
	    MILTER_NO_HEADER_END, MILTER_NO_REPLY_HEADER_END);
}

int
milter_talk_body(struct milter_session *t, const char *s, size_t len)
{
	size_t at;

	if (t->state.is_done_with_message || milter_session_spares(t, MILTER_NO_BODY) ||
	    len == 0)
		return MILTER_VERDICT_NONE;
	at = milter_packet_begin(&t->channel.out, MILTER_SAY_BODY);
	milter_packet_put(&t->channel.out, s, len);
	milter_packet_end(&t->channel.out, at);
	return milter_session_note(t,
	    milter_session_ask(t, MILTER_NO_BODY, MILTER_NO_REPLY_BODY),
	    MILTER_SESSION_DATA, 0);
}

int
milter_talk_end(struct milter_session *t,
    int (*each)(void *whose, char command, const char *s, size_t len), void *whose)
{
	stralloc *out = &t->channel.out;
	int verdict;

	if (t->state.is_done_with_message)
		return t->state.is_discarded ? MILTER_VERDICT_DISCARDED
					     : MILTER_VERDICT_NONE;
	milter_session_put_macros(t, MILTER_MACROS_BODY_END, MILTER_SAY_BODY_END);
	milter_packet_end(out, milter_packet_begin(out, MILTER_SAY_BODY_END));
	verdict = milter_session_end(t, each, whose);
	if (verdict != -1)
		t->state.stage = MILTER_SESSION_GREETED;
	return verdict;
}

void
milter_talk_abort(struct milter_session *t)
{
	stralloc *out = &t->channel.out;

	if (t->channel.fd == -1 || t->state.stage < MILTER_SESSION_MAIL)
		return;
	milter_packet_end(out, milter_packet_begin(out, MILTER_SAY_ABORT));
	t->state.is_done_with_message = t->state.is_done_with_all;
	t->state.is_discarded = 0;
	t->state.stage = MILTER_SESSION_GREETED;
	milter_session_say(t);
}
