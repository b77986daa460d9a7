/* relay-check: decide who may send mail to whom. */

#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/address.h"
#include "lib/home.h"
#include "lib/text.h"
#include "lib/users.h"
#include "lib/verdict.h"
#include "receive/client.h"
#include "receive/policy_listen.h"
#include "receive/policy_serve.h"
#include "receive/relay_lists.h"
#include "receive/relay_mailbox.h"

#define ANSWER_YES "K"
#define ANSWER_TROUBLE "Z451 4.3.0 unable to look up the address, try again later"
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
static struct relay_mailbox mailbox = {.fd = -1};
static unsigned long long size; /* of the message under way, 0: not told */

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
decide_remote(const char *address, size_t len, size_t domain)
{
	switch (client_is_authorised()) {
	case 1:
		return ANSWER_YES;
	case 0:
		return decide_stranger(address, len, domain);
	}
	return ANSWER_TROUBLE;
}

/* Null: allowed so far. */
static const char *
decide_sender(void)
{
	if (!authorised_only)
		return NULL;
	switch (client_is_authorised()) {
	case 1:
		return NULL;
	case 0:
		return ANSWER_STRANGER;
	}
	return ANSWER_TROUBLE;
}

static void
answer_recipient(const char *address, size_t len, stralloc *out)
{
	size_t domain = address_domain(address, len);
	const char *answer = decide_sender();

	if (!answer && !domain)
		answer = ANSWER_NO_DOMAIN;
	if (!answer)
		switch (is_local(address + domain, len - domain)) {
		case 1:
			if (relay_mailbox_ask(&mailbox, address, len, size, out) == 0)
				return;
			carpsys("unable to ask run/check.sock");
			answer = ANSWER_TROUBLE;
			break;
		case 0:
			answer = decide_remote(address, len, domain);
			break;
		default:
			answer = ANSWER_TROUBLE;
		}
	text_cat(out, answer, NULL);
}

static void
answer_request(const struct policy_request *request, stralloc *out)
{
	const char *answer = NULL;

	if (policy_request_is(request, "mail")) {
		size = request->size;
		answer = decide_sender();
	}
	if (policy_request_is(request, "rcpt"))
		answer_recipient(request->address, request->address_len, out);
	else
		text_cat(out, answer ? answer : ANSWER_YES, NULL);
}

/* What was known of another client may not hold for this one, or may have changed. */
static void
answer_client(
    const struct policy_request *request, unsigned long long *its_size, stralloc *out)
{
	client_forget();
	size = *its_size;
	answer_request(request, out);
	*its_size = size;
}

/* The requests of all clients of the socket on descriptor 0. */
static void
answer_clients(void)
{
	if (write(1, "\n", 1) == -1)
		diesys(DEFER, "unable to tell that we are ready");
	close(1);
	policy_listen(0, most, answer_client);
	diesys(DEFER, "unable to serve the socket");
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
	if (most > 0)
		answer_clients();
	policy_serve(answer_request);
	return ACCEPT;
}
