#include <string.h>
#include <time.h>

#include <errmsg.h>

#include "lib/address.h"
#include "lib/control.h"
#include "lib/deadline.h"
#include "lib/ipaddress.h"
#include "lib/log.h"
#include "lib/text.h"
#include "lib/xtext.h"
#include "policy/spf_transaction.h"
#include "spf/spf_field.h"

/* A reply has 512 bytes (RFC 5321, 4.5.3.1.5), of which a domain's words get so many. */
#define WORDS_MAX 250
#define DOMAIN_SHOWN_MAX 100
#define RESULT_MAX 340 /* bytes of one that is handed on: a line has 1000 */

enum rule { RULE_MARK, RULE_REJECT, RULE_REJECT_ERRORS };

/* What control/spf says; when that is unknown nothing is refused. */
static enum rule
read_rule(void)
{
	static stralloc line;  /* a cache */
	static int is_alarmed; /* it has been said what is wrong, which once is enough */
	int was_alarmed = is_alarmed;

	is_alarmed = control_line("spf", &line, "mark") == -1;
	if (is_alarmed) {
		if (!was_alarmed)
			carpsys("unable to read control/spf: nothing is refused");
		return RULE_MARK;
	}
	text_terminate(&line);
	if (strcmp(line.s, "reject") == 0)
		return RULE_REJECT;
	if (strcmp(line.s, "reject permerror") == 0)
		return RULE_REJECT_ERRORS;
	is_alarmed = strcmp(line.s, "mark") != 0;
	if (is_alarmed && !was_alarmed)
		carp("control/spf is neither mark, reject nor reject permerror: "
		     "nothing is refused");
	return RULE_MARK;
}

void
spf_transaction_foresee(struct spf_transaction *t, const char *s, size_t len)
{
	size_t at = address_domain(s, len);

	t->foreseen.len = 0;
	if (at > 0) {
		text_cat(&t->foreseen, "TXT ", (char *)NULL);
		text_catb(&t->foreseen, s + at, len - at);
	}
	text_terminate(&t->foreseen);
}

/* Ask what HELO and the sender need, together. */
static void
evaluate(struct spf_transaction *t)
{
	if (t->is_mail || t->foreseen.len == 0) {
		spf_evaluate(&t->question, &t->verdict);
		return;
	}
	spf_lookups_gather(&t->lookups);
	spf_evaluate(&t->question, &t->verdict);
	spf_lookups_find(&t->lookups, "TXT", t->foreseen.s + sizeof "TXT " - 1);
	spf_lookups_send(&t->lookups);
}

void
spf_transaction_begin(struct spf_transaction *t, const struct client *client,
    const char *identity, const char *s, size_t len, const char *receiver)
{
	int is_null = len == 2 && memcmp(s, "<>", 2) == 0;

	if (!t->is_begun)
		t->lookups.client.fd = -1;
	t->is_begun = 1;
	spf_lookups_keep(&t->lookups, t->foreseen.s != NULL ? t->foreseen.s : "");
	if (strcmp(identity, "helo") == 0)
		text_setb(&t->helo, s, len);
	text_terminate(&t->helo);
	t->is_mail = strcmp(identity, "helo") != 0;
	t->identity = is_null ? "helo" : identity;
	text_setb(&t->sender, is_null ? t->helo.s : s, is_null ? t->helo.len : len);
	t->question = (struct spf_question){.sender = t->sender.s,
	    .helo = t->helo.s,
	    .receiver = receiver,
	    .time = time(NULL),
	    .lookup = spf_lookups_find,
	    .asker = &t->lookups};
	if (client->ip == NULL || !ipaddress_scan(client->ip, t->question.ip))
		t->question.sender = ""; /* of whom nothing can be known */
}

/* One too long for an answer is no domain that anybody has. */
static void
put_result(stralloc *out, const char *name, const char *value)
{
	size_t begin;

	text_cat(out, " ", name, "=", (char *)NULL);
	begin = out->len;
	xtext_cat(out, value, strlen(value));
	if (out->len - begin > RESULT_MAX)
		out->len = begin;
}

/* The field of HELO stands above each message, unless it would say nothing. */
static void
put_yes(struct spf_transaction *t, stralloc *out)
{
	const char *result = spf_evaluate_name(t->verdict.result);
	int is_told = t->is_mail && t->has_field && strcmp(t->identity, "helo") == 0;

	if (!t->is_mail)
		t->has_field = t->verdict.result != SPF_NONE;
	text_cat(out, "Kenv", (char *)NULL);
	if (t->is_mail) {
		put_result(out, "SPF_RESULT", result);
		put_result(out, "SPF_DOMAIN", t->verdict.domain.s);
		put_result(out, "SPF_IDENTITY", t->identity);
	} else {
		put_result(out, "SPF_HELO_RESULT", result);
	}
	if (t->is_mail ? is_told : !t->has_field)
		return;
	text_cat(out, " ", (char *)NULL);
	spf_field_put(out, &t->question, &t->verdict, t->identity);
}

static void
put_no(const struct spf_transaction *t, stralloc *out)
{
	const struct spf_verdict *v = &t->verdict;
	char ip[IPADDRESS_TEXT_MAX];

	ipaddress_text(ip, t->question.ip);
	if (v->result == SPF_PERMERROR) {
		text_cat(out, "D550 5.7.24 SPF error of ", (char *)NULL);
		text_cat_printable(out, v->domain.s, v->domain.len, DOMAIN_SHOWN_MAX);
		text_cat(out, ": ", v->problem, (char *)NULL);
		return;
	}
	text_cat(out, "D550 5.7.23 SPF: ", (char *)NULL);
	text_cat_printable(out, v->domain.s, v->domain.len, DOMAIN_SHOWN_MAX);
	text_cat(out, " does not permit ", ip, " to send its mail", (char *)NULL);
	if (v->explanation.len > 0) {
		text_cat(out, "; it explains: ", (char *)NULL);
		text_cat_printable(out, v->explanation.s, v->explanation.len, WORDS_MAX);
	}
}

static void
tell_log(const struct spf_transaction *t)
{
	const struct spf_verdict *v = &t->verdict;
	char ip[IPADDRESS_TEXT_MAX];

	log_event(NULL, "spf", "result", spf_evaluate_name(v->result), "domain",
	    v->domain.s, "identity", t->identity, "client",
	    ipaddress_text(ip, t->question.ip), "mechanism",
	    v->mechanism.len > 0 ? v->mechanism.s : NULL, "reason", v->problem,
	    (char *)NULL);
}

static void
answer(struct spf_transaction *t, stralloc *out)
{
	enum rule rule = RULE_MARK;

	if (t->verdict.result == SPF_FAIL || t->verdict.result == SPF_TEMPERROR ||
	    t->verdict.result == SPF_PERMERROR) {
		tell_log(t);
		rule = read_rule();
	}
	if ((t->verdict.result == SPF_FAIL && rule != RULE_MARK) ||
	    (t->verdict.result == SPF_PERMERROR && rule == RULE_REJECT_ERRORS))
		put_no(t, out);
	else
		put_yes(t, out);
	if (t->is_mail)
		t->foreseen.len = 0;
	text_terminate(&t->foreseen);
	spf_lookups_keep(&t->lookups, t->foreseen.s);
	spf_evaluate_free(&t->verdict);
}

int
spf_transaction_go_on(struct spf_transaction *t, stralloc *out)
{
	spf_lookups_take(&t->lookups);
	evaluate(t);
	t->wait.fd = t->lookups.client.fd;
	t->wait.events = POLLIN;
	t->wait.until = t->lookups.until;
	if (t->verdict.result == SPF_PENDING)
		return 0;
	answer(t, out);
	return 1;
}

void
spf_transaction_free(struct spf_transaction *t)
{
	if (t->is_begun)
		spf_lookups_free(&t->lookups);
	stralloc_free(&t->helo);
	stralloc_free(&t->sender);
	stralloc_free(&t->foreseen);
	spf_evaluate_free(&t->verdict);
}
