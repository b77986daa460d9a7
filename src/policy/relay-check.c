/* relay-check: decide who may send mail to whom. */

#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/address.h"
#include "lib/client.h"
#include "lib/home.h"
#include "lib/text.h"
#include "lib/users.h"
#include "lib/verdict.h"
#include "policy/policy_listen.h"
#include "policy/policy_serve.h"
#include "policy/relay_lease.h"
#include "policy/relay_lists.h"
#include "policy/relay_refusal.h"
#include "policy/relay_transaction.h"

#define ANSWER_YES "K"
#define ANSWER_TROUBLE RELAY_TRANSACTION_TROUBLE
#define ANSWER_STRANGER "D530 5.7.0 Authentication required"
#define ANSWER_NO_DOMAIN "D553 5.1.3 recipient address without a domain"
#define ANSWER_NO_RELAY                                                                  \
	"D550 5.7.1 relaying denied: we are not responsible for this domain"
#define ANSWER_NO_ROUTE                                                                  \
	"D550 5.7.1 relaying denied: the local part asks for a further hop"

#define USAGE "usage: relay-check [-a] [-l clients]"
#define CLIENTS_MAX 65536

static int authorised_only;
static unsigned long long most; /* clients of the socket; 0: the one on descriptor 0 */
static struct users users = {.fd = -1};

/* Is the domain ours?  1, 0, or -1 after having said why not known. */
static int
is_local(const char *domain, size_t len)
{
	int r;

	/* Without the file nothing is known, not even that nothing is local. */
	if (users_refresh(&users) == -1) {
		carpsys("unable to open ", USERS_CDB);
		return -1;
	}
	relay_lease_look(users.opened);
	r = users_domain(&users, domain, len);
	if (r == -1)
		carpsys("unable to read ", USERS_CDB);
	return r;
}

/* Where to a domain that is not ours: backup MX, or nothing for us. */
static const char *
decide_stranger(const char *address, size_t len, size_t domain)
{
	switch (relay_lists_domain(address + domain, len - domain)) {
	case 1:
		return relay_lists_routes(address, len) ? ANSWER_NO_ROUTE : ANSWER_YES;
	case 0:
		return ANSWER_NO_RELAY;
	}
	carpsys("unable to read control/relaydomains");
	return ANSWER_TROUBLE;
}

static const char *
decide_remote(struct client *client, const char *address, size_t len, size_t domain)
{
	switch (client_may_relay(client)) {
	case 1:
		return ANSWER_YES;
	case 0:
		return decide_stranger(address, len, domain);
	}
	return ANSWER_TROUBLE;
}

/* Null: allowed so far. */
static const char *
decide_sender(struct client *client)
{
	if (!authorised_only)
		return NULL;
	switch (client_may_relay(client)) {
	case 1:
		return NULL;
	case 0:
		return ANSWER_STRANGER;
	}
	return ANSWER_TROUBLE;
}

/* Null: it is for the mailbox to say. */
static const char *
decide_recipient(struct client *client, const char *address, size_t len)
{
	size_t domain = address_domain(address, len);
	const char *answer = decide_sender(client);

	if (answer != NULL)
		return answer;
	if (!domain)
		return ANSWER_NO_DOMAIN;
	switch (is_local(address + domain, len - domain)) {
	case 1:
		return NULL;
	case 0:
		return decide_remote(client, address, len, domain);
	}
	return ANSWER_TROUBLE;
}

/* Somebody else's, who may be refused by our routes: append the answer. */
static void
begin_elsewhere(
    struct relay_transaction *t, const char *address, size_t len, stralloc *out)
{
	size_t domain = address_domain(address, len);
	const char *file;

	switch (
	    relay_refusal_find(t->sender.s, address + domain, len - domain, out, &file)) {
	case 1:
		break;
	case 0:
		relay_transaction_add_elsewhere(t, out);
		break;
	default:
		carpsys("unable to read control/", file);
		text_cat(out, ANSWER_TROUBLE, (char *)NULL);
	}
}

static void
begin_recipient(
    struct relay_transaction *t, const struct policy_request *request, stralloc *out)
{
	const char *s = request->address;
	size_t len = request->address_len;
	const char *answer = decide_recipient(request->client, s, len);

	t->heeds_room = request->heeds_room;
	/* who is asked without MAIL, as a shell does, has no sender */
	text_terminate(&t->sender);
	if (answer == NULL)
		relay_transaction_ask(t, s, len);
	else if (*answer == 'K')
		begin_elsewhere(t, s, len, out);
	else
		text_cat(out, answer, (char *)NULL);
}

/* Begin to answer a request, and end it when nothing has to be waited for: 1, or 0. */
static int
answer_request(const struct policy_request *request, void *state, stralloc *out)
{
	struct relay_transaction *t = state;
	const char *answer = ANSWER_YES;

	if (policy_request_is(request, "rcpt")) {
		begin_recipient(t, request, out);
		return relay_transaction_go_on(t, out);
	}
	if (policy_request_is(request, "size")) {
		relay_transaction_ask_room(
		    t, request->size, client_may_relay(request->client) == 1, out);
		return relay_transaction_go_on(t, out);
	}
	if (policy_request_is(request, "mail")) {
		relay_transaction_begin(
		    t, request->address, request->address_len, request->size);
		answer = decide_sender(request->client);
	}
	text_cat(out, answer != NULL ? answer : ANSWER_YES, (char *)NULL);
	return 1;
}

static int
go_on(void *state, stralloc *out)
{
	return relay_transaction_go_on(state, out);
}

static const struct clients_wait *
waits(const void *state)
{
	const struct relay_transaction *t = state;

	return &t->mailbox.wait;
}

static void
forget(void *state)
{
	relay_transaction_free(state);
}

static const struct policy_listen_service service = {
    .state_size = sizeof(struct relay_transaction),
    .asks = "size",
    .answer = answer_request,
    .waits = waits,
    .go_on = go_on,
    .forget = forget};

static void
answer_waiting(const struct policy_request *request, stralloc *out)
{
	static struct relay_transaction session;

	policy_listen_answer(&service, request, &session, out);
}

static void
take_arguments(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "+al:")) != -1) {
		if (option == 'a')
			authorised_only = 1;
		else if (option != 'l' ||
			 !text_number(optarg, strlen(optarg), CLIENTS_MAX, &most) ||
			 most == 0)
			die(DEFER, USAGE);
	}
	if (optind != argc)
		die(DEFER, USAGE);
}

int
main(int argc, char **argv)
{
	errmsg_iam("relay-check");
	take_arguments(argc, argv);
	home_enter();
	/* one for each session does not know what the others grant */
	if (most > 0 && relay_lease_begin() == -1)
		diesys(DEFER, "unable to get random bytes");
	if (most > 0)
		policy_listen(most, &service);
	policy_serve(answer_waiting);
	return ACCEPT;
}
