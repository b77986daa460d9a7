#include <string.h>

#include "send/remote_greeting.h"
#include "send/remote_offer.h"

/* What is refused; but 500 to 504 only mean that the server does not know the command. */
static void
judge_hello(const struct remote_session *s, const struct remote_reply *refusal,
    struct outcome *fault)
{
	remote_session_judge(s, refusal, fault);
	if (refusal->code < 510 && fault->letter == 'D') {
		fault->letter = 'Z';
		fault->status[0] = '4';
	}
}

/*
 * The server has hung up after its answer to EHLO: unless it has said more since, that is
 * why.
 */
static void
recall(const struct remote_session *s, const struct remote_reply *refusal,
    struct outcome *fault)
{
	if (outcome_reply(fault) == NULL)
		judge_hello(s, refusal, fault);
}

/*
 * EHLO, and HELO for a server that does not know it; LHLO of LMTP.  Returns 0, or -1 with
 * fault.
 */
static int
say_hello(struct remote_session *s, const char *helo, struct outcome *fault)
{
	const char *verb = s->is_lmtp ? "LHLO" : "EHLO";
	struct remote_reply reply, refusal;
	ssize_t n;

	remote_session_say(s, verb, " ", helo, (char *)NULL);
	n = remote_session_await(s, verb, REMOTE_COMMAND_SECONDS, &reply, fault);
	if (n == -1)
		return -1;
	if (reply.code / 100 == 2)
		remote_offer_learn(s, s->transport.input, (size_t)n);
	transport_consume(&s->transport, (size_t)n);
	if (reply.code / 100 == 5 && !s->is_lmtp) {
		refusal = reply;
		remote_session_say(s, "HELO ", helo, (char *)NULL);
		if (remote_session_hear(
			s, "HELO", REMOTE_COMMAND_SECONDS, &reply, fault) == -1) {
			recall(s, &refusal, fault);
			return -1;
		}
	}
	if (reply.code / 100 == 2)
		return 0;
	if (s->is_lmtp)
		judge_hello(s, &reply, fault);
	else
		remote_session_judge(s, &reply, fault);
	return -1;
}

int
remote_greeting(struct remote_session *s, const char *helo, struct outcome *fault)
{
	struct remote_reply reply;

	remote_offer_forget(s);
	s->needs_reset = 0;
	s->mails = s->domains_n = 0;
	s->domains.len = s->out.len = 0;
	if (remote_session_hear(
		s, "the greeting", REMOTE_GREETING_SECONDS, &reply, fault) == -1)
		return -1;
	if (reply.code / 100 != 2)
		remote_session_judge(s, &reply, fault);
	else if (say_hello(s, helo, fault) == 0)
		return 0;
	remote_session_quit(s);
	return -1;
}

int
remote_greeting_again(struct remote_session *s, const char *helo, struct outcome *fault)
{
	remote_offer_forget(s);
	if (say_hello(s, helo, fault) == 0)
		return 0;
	remote_session_quit(s);
	return -1;
}
