/* dkim-serve: sign the messages of our domains, for dkim-sign: it alone has the keys. */

#include <string.h>
#include <time.h>
#include <unistd.h>

#include <errmsg.h>

#include "dkim/key_store.h"
#include "dkim/signer.h"
#include "dkim/signing_question.h"
#include "dkim/unsigned_log.h"
#include "lib/clients.h"
#include "lib/clients_most.h"
#include "lib/home.h"
#include "lib/log.h"
#include "lib/netstring.h"
#include "lib/ready.h"
#include "lib/text.h"
#include "lib/verdict.h"

#define USAGE "usage: dkim-serve [-l clients]"
#define CLIENTS 200
#define NO_KEYS "Zunable to read the keys of the domain"
#define NO_SIGNATURE "Zunable to sign"

static struct key_store store;
static struct unsigned_log unsigned_log;

/* Append what is to stand above the message to answer, or what went wrong. */
static void
sign(const struct signing_question *question, stralloc *answer)
{
	char domain[SIGNATURE_DOMAIN_MAX + 1];
	const struct key_store_domain *keys = NULL;
	time_t now = time(NULL);
	size_t i;

	if (signature_take_domain(domain, question->domain, question->domain_len))
		keys = key_store_find(&store, domain);
	if (keys == NULL) {
		text_cat(answer, NO_KEYS, (char *)NULL);
		return;
	}
	text_cat(answer, "K", (char *)NULL);
	for (i = 0; i < keys->count; i++)
		if (signer_put_field(answer, question, keys->keys[i].selector,
			&keys->keys[i].key, now) == -1) {
			carp("unable to sign with the key " KEY_STORE_FOLDER "/", domain,
			    "/", keys->keys[i].selector, KEY_STORE_SUFFIX);
			answer->len = 0;
			text_cat(answer, NO_SIGNATURE, (char *)NULL);
			return;
		}
	if (keys->count == 0 && unsigned_log_is_due(&unsigned_log, domain, now))
		log_event(
		    NULL, "unsigned", "domain", domain, "why", "no key", (char *)NULL);
}

static int
take(void *state, stralloc *heard, stralloc *reply)
{
	static stralloc answer; /* a cache */
	struct signing_question question;
	size_t at = 0, start, len;
	ssize_t taken;

	(void)state;
	while ((taken = netstring_scan(heard->s + at, heard->len - at,
		    SIGNING_QUESTION_MAX, &start, &len)) > 0) {
		if (signing_question_take(&question, heard->s + at + start, len) == -1) {
			taken = -1;
			break;
		}
		answer.len = 0;
		sign(&question, &answer);
		netstring_put(reply, answer.s, answer.len);
		at += (size_t)taken;
	}
	if (taken == -1) {
		carp("senseless question");
		return -1;
	}
	heard->len -= at;
	if (at > 0)
		memmove(heard->s, heard->s + at, heard->len);
	return 0;
}

int
main(int argc, char **argv)
{
	static const struct clients_service service = {.take = take};
	size_t most;

	errmsg_iam("dkim-serve");
	most = clients_most_take(argc, argv, CLIENTS, USAGE);
	home_enter();
	ready_tell();
	clients_serve(0, most, &service);
	diesys(DEFER, "unable to serve the socket");
}
