/* spf-check: find out whether a domain permits a client to send its mail. */

#include <string.h>
#include <time.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/client.h"
#include "lib/clients_most.h"
#include "lib/control.h"
#include "lib/durable.h"
#include "lib/home.h"
#include "lib/ipaddress.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "policy/policy_listen.h"
#include "policy/policy_serve.h"
#include "policy/spf_transaction.h"
#include "spf/spf_field.h"
#include "spf/spf_now.h"

#define USAGE "usage: spf-check [-l clients] or spf-check -t client-address sender [helo]"

static size_t most; /* clients of the socket; 0: the one on descriptor 0 */
static int is_trial;
static stralloc receiver; /* our name, a C string */

static void
read_receiver(void)
{
	if (control_line("me", &receiver, "unknown") == -1)
		text_set(&receiver, "unknown");
	text_terminate(&receiver);
}

/* What control/ says of us and of the client is read once for a session. */
static int
may_relay(struct spf_transaction *t, struct client *client)
{
	if (!t->is_asked) {
		t->is_asked = 1;
		t->may_relay = client_may_relay(client);
		read_receiver();
	}
	return t->may_relay;
}

/* Answer a request, or begin to: 1, or 0 when it has to be waited for. */
static int
answer_request(const struct policy_request *request, void *state, stralloc *out)
{
	struct spf_transaction *t = state;
	int is_mail = policy_request_is(request, "mail");

	/* whoever may send as anybody is not asked for a permission; and whether he may
	 * is for relay-check to say when it is not known now */
	if ((!is_mail && !policy_request_is(request, "helo")) ||
	    may_relay(t, request->client) != 0) {
		text_cat(out, "K", (char *)NULL);
		return 1;
	}
	spf_transaction_begin(t, request->client, is_mail ? "mailfrom" : "helo",
	    request->address, request->address_len, receiver.s);
	return spf_transaction_go_on(t, out);
}

static void
foresee(const struct policy_request *next, void *state)
{
	if (policy_request_is(next, "mail"))
		spf_transaction_foresee(state, next->address, next->address_len);
}

static int
go_on(void *state, stralloc *out)
{
	return spf_transaction_go_on(state, out);
}

static const struct clients_wait *
waits(const void *state)
{
	const struct spf_transaction *t = state;

	return &t->wait;
}

static void
forget(void *state)
{
	spf_transaction_free(state);
}

static const struct policy_listen_service service = {
    .state_size = sizeof(struct spf_transaction),
    .asks = "helo",
    .foresee = foresee,
    .answer = answer_request,
    .waits = waits,
    .go_on = go_on,
    .forget = forget};

static void
answer_waiting(const struct policy_request *request, stralloc *out)
{
	static struct spf_transaction session;

	policy_listen_answer(&service, request, &session, out);
}

/* Show what would be found out: for the admin. */
static void
try(const char *ip, const char *sender, const char *helo)
{
	struct spf_verdict verdict = {0};
	struct spf_question question = {.sender = *sender != '\0' ? sender : helo,
	    .helo = helo,
	    .receiver = receiver.s,
	    .time = time(NULL)};
	stralloc out = {0};

	if (!ipaddress_scan(ip, question.ip))
		die(DEFER, ip, " is not an IP address");
	spf_now_evaluate(&question, &verdict);
	text_cat(&out, spf_evaluate_name(verdict.result), "\n", (char *)NULL);
	spf_field_put(&out, &question, &verdict, *sender != '\0' ? "mailfrom" : "helo");
	text_cat(&out, "\n", (char *)NULL);
	if (verdict.explanation.len > 0)
		text_cat(&out, verdict.explanation.s, "\n", (char *)NULL);
	if (durable_write(1, out.s, out.len) == -1)
		diesys(DEFER, "unable to write");
}

static void
take_arguments(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "+l:t")) != -1) {
		if (option == 't')
			is_trial = 1;
		else if (option != 'l' || (most = clients_most_scan(optarg)) == 0)
			die(DEFER, USAGE);
	}
	if (is_trial ? most > 0 || argc - optind < 2 || argc - optind > 3
		     : optind != argc)
		die(DEFER, USAGE);
}

int
main(int argc, char **argv)
{
	errmsg_iam("spf-check");
	take_arguments(argc, argv);
	home_enter();
	read_receiver();
	if (is_trial) {
		try(argv[optind], argv[optind + 1],
		    argv[optind + 2] != NULL ? argv[optind + 2] : "unknown");
		return ACCEPT;
	}
	if (most > 0)
		policy_listen(most, &service);
	policy_serve(answer_waiting);
	return ACCEPT;
}
