/* sender-rights: let who has authenticated send under his own addresses only. */

#include <string.h>

#include <errmsg.h>

#include "lib/home.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "policy/policy_serve.h"
#include "policy/sender_rights.h"

#define ANSWER_YES "K"
#define ANSWER_NO "D553 5.7.1 this sender address is not yours"
#define ANSWER_TROUBLE "Z451 4.3.0 unable to look up the sender, try again later"

static void
answer_request(const struct policy_request *request, stralloc *out)
{
	const char *user = request->client->user, *answer = ANSWER_YES;
	int null = request->address_len == 2 && memcmp(request->address, "<>", 2) == 0;

	/* Reports of clients, of having read a message, say, have the null sender. */
	if (policy_request_is(request, "mail") && user != NULL && !null)
		switch (sender_rights_has(user, request->address, request->address_len)) {
		case 1:
			break;
		case 0:
			answer = ANSWER_NO;
			break;
		default:
			answer = ANSWER_TROUBLE;
		}
	text_cat(out, answer, (char *)NULL);
}

int
main(int argc, char **argv)
{
	(void)argv;
	errmsg_iam("sender-rights");
	if (argc != 1)
		die(DEFER, "usage: sender-rights");
	home_enter();
	policy_serve(answer_request);
	return ACCEPT;
}
