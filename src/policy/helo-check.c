/* helo-check: refuse strangers that don't say who they are. */

#include <string.h>
#include <strings.h>

#include <errmsg.h>

#include "lib/client.h"
#include "lib/control.h"
#include "lib/home.h"
#include "lib/ipaddress.h"
#include "lib/text.h"
#include "lib/users.h"
#include "lib/verdict.h"
#include "policy/helo_name.h"
#include "policy/policy_serve.h"

#define ANSWER_YES "K"
#define ANSWER_TROUBLE "Z451 4.3.0 unable to decide now, try again later"
#define ANSWER_SENSELESS "D550 5.7.1 your HELO is neither a host name nor an address"
#define ANSWER_SHORT "D550 5.7.1 your HELO is not a full host name"
#define ANSWER_BARE "D550 5.7.1 your HELO is an address without brackets"
#define ANSWER_OTHERS "D550 5.7.1 your HELO is not the address that you come from"
#define ANSWER_OURS "D550 5.7.1 your HELO is our name"
#define ANSWER_BAD "D550 5.7.1 we take no mail from who calls himself that"

/* Is it our own name or one of our domains?  1, 0, or -1 after having said why. */
static int
is_ours(const char *name)
{
	stralloc me = {0};
	struct users users;
	int r;

	control_need_me(&me);
	r = strcasecmp(name, me.s) == 0;
	stralloc_free(&me);
	if (r)
		return 1;
	if (users_open(&users) == -1) {
		carpsys("unable to open ", USERS_CDB);
		return -1;
	}
	r = users_domain(&users, name, strlen(name));
	if (r == -1)
		carpsys("unable to read ", USERS_CDB);
	users_close(&users);
	return r;
}

/* Is it in control/badhelo?  1, 0, or -1 after having said why. */
static int
is_bad(const char *name)
{
	stralloc list = {0};
	const char *rule;
	int r, found = 0;

	r = control_list("badhelo", &list);
	if (r == -1)
		carpsys("unable to read control/badhelo");
	for (rule = list.s; r == 1 && !found && rule < list.s + list.len;
	     rule += strlen(rule) + 1)
		found = helo_name_matches(name, rule);
	stralloc_free(&list);
	return r == -1 ? -1 : found;
}

static const char *
judge_host(const char *name)
{
	int bad = is_bad(name), ours = is_ours(name);

	if (bad == -1 || ours == -1)
		return ANSWER_TROUBLE;
	if (bad)
		return ANSWER_BAD;
	return ours ? ANSWER_OURS : ANSWER_YES;
}

/* An address in brackets must be the one it comes from, which is then never ours. */
static const char *
judge_literal(const unsigned char ip[16], const char *remote)
{
	unsigned char address[16];

	if (remote == NULL || !ipaddress_scan(remote, address))
		return ANSWER_YES;
	return memcmp(ip, address, sizeof address) != 0 ? ANSWER_OTHERS : ANSWER_YES;
}

static const char *
judge(const char *s, size_t len, const char *remote)
{
	unsigned char ip[16];
	stralloc name = {0};
	const char *answer;

	/* A dot at the end says the same: RFC 1034, 3.1. */
	text_catb(&name, s, len - (len > 1 && s[len - 1] == '.'));
	text_terminate(&name);
	switch (helo_name_scan(name.s, ip)) {
	case HELO_HOST:
		answer = judge_host(name.s);
		break;
	case HELO_LITERAL:
		answer = judge_literal(ip, remote);
		break;
	case HELO_SHORT:
		answer = ANSWER_SHORT;
		break;
	case HELO_BARE:
		answer = ANSWER_BARE;
		break;
	default:
		answer = ANSWER_SENSELESS;
	}
	stralloc_free(&name);
	return answer;
}

static void
answer_request(const struct policy_request *request, stralloc *out)
{
	const char *answer = ANSWER_YES;
	int authorised;

	if (policy_request_is(request, "helo")) {
		authorised = client_may_relay(request->client);
		if (authorised == -1)
			answer = ANSWER_TROUBLE;
		else if (!authorised)
			answer = judge(
			    request->address, request->address_len, request->client->ip);
	}
	text_cat(out, answer, (char *)NULL);
}

int
main(int argc, char **argv)
{
	(void)argv;
	errmsg_iam("helo-check");
	if (argc != 1)
		die(DEFER, "usage: helo-check");
	home_enter();
	policy_serve(answer_request);
	return ACCEPT;
}
