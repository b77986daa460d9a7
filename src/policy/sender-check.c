/* sender-check: refuse senders whose domain takes no mail. */

#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/address.h"
#include "lib/client.h"
#include "lib/home.h"
#include "lib/idn.h"
#include "lib/mx_list.h"
#include "lib/resolver.h"
#include "lib/text.h"
#include "lib/users.h"
#include "lib/verdict.h"
#include "policy/policy_resolver.h"
#include "policy/policy_serve.h"

#define USAGE "usage: sender-check [-s seconds]"
#define DEFAULT_SECONDS 15
#define SECONDS_MAX 25 /* twice that is less than the 60 that a policy has */

#define ANSWER_YES "K"
#define ANSWER_NO_DOMAIN "D553 5.1.7 sender address without a domain"
#define ANSWER_BAD_DOMAIN "D553 5.1.7 the sender's domain is not a name"
#define ANSWER_NO_NAME "D550 5.1.8 the sender's domain does not exist"
#define ANSWER_NOTHING "D550 5.1.8 the sender's domain has no MX, A or AAAA record"
#define ANSWER_NULL_MX "D550 5.7.27 the sender's domain takes no mail"
#define ANSWER_LATER "Z451 4.4.3 unable to look up the sender's domain, try again later"
#define ANSWER_TROUBLE "Z451 4.3.0 unable to decide now, try again later"

static struct resolver resolver;

static void
take_options(int argc, char **argv)
{
	unsigned long long seconds = DEFAULT_SECONDS;
	int option;

	while ((option = getopt(argc, argv, "+s:")) != -1)
		if (option != 's' ||
		    !text_number(optarg, strlen(optarg), SECONDS_MAX, &seconds))
			die(DEFER, USAGE);
	if (optind != argc || !seconds)
		die(DEFER, USAGE);
	resolver.seconds = (unsigned)seconds;
}

/* Our own domains need no MX that we can see.  1, 0, or -1 after having said why. */
static int
is_local(const char *domain, size_t len)
{
	struct users users;
	int r;

	if (users_open(&users) == -1) {
		carpsys("unable to open ", USERS_CDB);
		return -1;
	}
	r = users_domain(&users, domain, len);
	if (r == -1)
		carpsys("unable to read ", USERS_CDB);
	users_close(&users);
	return r;
}

/* No MX: an address will do, RFC 5321, 5.1. */
static const char *
look_for_address(const char *domain, enum resolver_lookup mx)
{
	struct resolver_addresses host = {.name = domain};

	if (mx == RESOLVER_NO_NAME)
		return ANSWER_NO_NAME;
	resolver_addresses(&resolver, &host, 1);
	switch (host.lookup) {
	case RESOLVER_FOUND:
		return ANSWER_YES;
	case RESOLVER_NO_NAME:
		return ANSWER_NO_NAME;
	case RESOLVER_NOTHING:
		return ANSWER_NOTHING;
	default:
		return ANSWER_LATER;
	}
}

static const char *
look_up(const char *domain)
{
	static struct mx_list list;
	enum resolver_lookup mx;

	if (policy_resolver_open(&resolver) == -1)
		return ANSWER_TROUBLE;
	mx = resolver_mx(&resolver, domain, &list);
	if (mx == RESOLVER_FAILED)
		return ANSWER_LATER;
	if (mx != RESOLVER_FOUND)
		return look_for_address(domain, mx);
	return mx_list_is_null(&list) ? ANSWER_NULL_MX : ANSWER_YES;
}

/* The domain s[0..len), in letters that the DNS knows. */
static const char *
judge_domain(const char *s, size_t len)
{
	stralloc domain = {0}, ascii = {0};
	const char *answer = ANSWER_BAD_DOMAIN;

	text_catb(&domain, s, len);
	text_terminate(&domain);
	if (idn_put_domain(&ascii, domain.s) == 0) {
		text_terminate(&ascii);
		answer = look_up(ascii.s);
	}
	stralloc_free(&domain);
	stralloc_free(&ascii);
	return answer;
}

static const char *
judge(struct client *client, const char *sender, size_t len)
{
	size_t domain = address_domain(sender, len);
	int authorised;

	if (len == 2 && memcmp(sender, "<>", 2) == 0)
		return ANSWER_YES;
	authorised = client_may_relay(client);
	if (authorised)
		return authorised == 1 ? ANSWER_YES : ANSWER_TROUBLE;
	if (!domain || domain == len)
		return ANSWER_NO_DOMAIN;
	if (sender[domain] == '[') /* an address needs no DNS */
		return ANSWER_YES;
	switch (is_local(sender + domain, len - domain)) {
	case 1:
		return ANSWER_YES;
	case 0:
		return judge_domain(sender + domain, len - domain);
	}
	return ANSWER_TROUBLE;
}

static void
answer_request(const struct policy_request *request, stralloc *out)
{
	const char *answer = ANSWER_YES;

	if (policy_request_is(request, "mail"))
		answer = judge(request->client, request->address, request->address_len);
	text_cat(out, answer, (char *)NULL);
}

int
main(int argc, char **argv)
{
	errmsg_iam("sender-check");
	take_options(argc, argv);
	home_enter();
	policy_serve(answer_request);
	return ACCEPT;
}
