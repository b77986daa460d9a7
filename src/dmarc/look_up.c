#include <errno.h>
#include <string.h>

#include <errmsg.h>

#include "dmarc/look_up.h"
#include "lib/deadline.h"
#include "lib/text.h"

#define ANSWER_MARGIN 200 /* milliseconds that an answer may be late */

/* Ask for one answer.  Returns 0, or -1 when nothing can be asked. */
static int
ask(struct dns_client *dns, struct answer *answer, unsigned milliseconds)
{
	char name[ANSWERS_NAME_MAX + sizeof "_dmarc."];

	*name = '\0';
	if (answer->kind == ANSWER_POLICY)
		strcpy(name, "_dmarc.");
	strcat(name, answer->name);
	answer->number = dns_client_ask(
	    dns, answer->kind == ANSWER_EXISTS ? "A" : "TXT", name, milliseconds);
	if (answer->number == 0)
		return -1;
	answer->state = ANSWER_AWAITED;
	return 0;
}

/* Nothing more will come. */
static void
give_up(struct answers *answers)
{
	size_t i;

	for (i = 0; i < answers->n; i++)
		if (answers->list[i].state == ANSWER_WANTED ||
		    answers->list[i].state == ANSWER_AWAITED)
			answers_set(&answers->list[i], ANSWER_FAILED);
}

static void
fail(struct answers *answers)
{
	carpsys("unable to ask the DNS: ", DNS_CLIENT_SOCKET);
	give_up(answers);
}

/* Returns 0, or -1 with errno when not all can be asked. */
static int
ask_all(struct dns_client *dns, struct answers *answers, int64_t until)
{
	int64_t left = until - deadline_now() - ANSWER_MARGIN;
	size_t i;

	dns_client_gather(dns);
	for (i = 0; i < answers->n; i++) {
		if (answers->list[i].state != ANSWER_WANTED)
			continue;
		errno = ETIMEDOUT;
		if (left <= 0 || dns_client_open(dns) == -1 ||
		    ask(dns, &answers->list[i], (unsigned)left) == -1)
			return -1;
	}
	return dns_client_send(dns);
}

/* What has not been answered is to be asked again. */
static void
want_again(struct answers *answers)
{
	size_t i;

	for (i = 0; i < answers->n; i++)
		if (answers->list[i].state == ANSWER_AWAITED)
			answers->list[i].state = ANSWER_WANTED;
}

void
look_up_ask(struct dns_client *dns, struct answers *answers, int64_t until)
{
	int was_open = dns->fd != -1, r = ask_all(dns, answers, until);

	if (r == -1 && was_open) {
		/* dns-serve was begun anew since the last message, perhaps */
		dns_client_close(dns);
		want_again(answers);
		r = ask_all(dns, answers, until);
	}
	if (r == -1)
		fail(answers);
}

static struct answer *
find(struct answers *answers, uint32_t number)
{
	size_t i;

	for (i = 0; i < answers->n; i++)
		if (answers->list[i].state == ANSWER_AWAITED &&
		    answers->list[i].number == number)
			return &answers->list[i];
	return NULL;
}

static void
take(struct answer *answer, struct dns_answer *from)
{
	static const enum answer_state states[] = {
	    [DNS_ANSWER_FOUND] = ANSWER_FOUND,
	    [DNS_ANSWER_NOTHING] = ANSWER_NOTHING,
	    [DNS_ANSWER_NO_NAME] = ANSWER_NO_NAME,
	    [DNS_ANSWER_FAILED] = ANSWER_FAILED,
	};
	const char *s;
	size_t len;

	if (from->status == DNS_ANSWER_FOUND && answer->kind != ANSWER_EXISTS)
		while (dns_answer_next(from, &s, &len) == 1)
			answers_add(answer, s, len);
	answers_set(answer, states[from->status]);
}

static int
is_waiting(const struct answers *answers)
{
	size_t i;

	for (i = 0; i < answers->n; i++)
		if (answers->list[i].state == ANSWER_AWAITED)
			return 1;
	return 0;
}

void
look_up_wait(struct dns_client *dns, struct answers *answers, int64_t until)
{
	struct dns_answer from;
	struct answer *answer;
	int is_anew = 0;

	while (is_waiting(answers)) {
		if (dns_client_wait(dns, &from, until) != 1) {
			if (errno != ETIMEDOUT && !is_anew) {
				is_anew = 1;
				want_again(answers);
				look_up_ask(dns, answers, until);
				continue;
			}
			carpsys("unable to get answers of the DNS");
			give_up(answers);
			return;
		}
		answer = find(answers, from.id);
		if (answer != NULL)
			take(answer, &from);
	}
}
