/* grey-check: let strangers come again before their mail is taken. */

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/address.h"
#include "lib/client.h"
#include "lib/control.h"
#include "lib/home.h"
#include "lib/log.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "policy/grey_exempt.h"
#include "policy/grey_set.h"
#include "policy/policy_serve.h"
#include "policy/state_table.h"

#define USAGE "usage: grey-check [-d seconds] [-w seconds] [-l seconds]"
#define TABLE "state/grey/table"
#define TABLE_BUCKETS 8192 /* 524,288 networks and attempts, 32 MiB */
#define SECONDS_MAX 31536000
#define REFRESH 3600 /* seconds by which an expiry is worth being put off */

#define POOL "pool" /* no network has this name */

#define ANSWER_YES "K"
#define ANSWER_GREY "Z450 4.7.1 greylisted, try again in "
#define ANSWER_TROUBLE "Z451 4.3.0 unable to look up the greylist, try again later"

#define NOT_GIVEN (-1ULL)

static unsigned long long delay = NOT_GIVEN;  /* seconds that a stranger has to wait */
static unsigned long long window = NOT_GIVEN; /* within which it has to come again */
static unsigned long long life = NOT_GIVEN;   /* for which it is then remembered */

static struct state_table table;
static char network[CLIENT_NETWORK_MAX];
static stralloc helo;
static stralloc sender; /* of the message under way, as a key */
static stralloc set;    /* of clients, in which the client is for that; or empty */
static int is_set_known;
static int has_waited; /* for a recipient of it */

static void
take_options(int argc, char **argv)
{
	static const char letters[] = "dwl";
	unsigned long long *const settings[] = {&delay, &window, &life};
	const char *letter;
	int option;

	while ((option = getopt(argc, argv, "+d:w:l:")) != -1) {
		letter = strchr(letters, option);
		if (letter == NULL || !text_number(optarg, strlen(optarg), SECONDS_MAX,
					  settings[letter - letters]))
			die(DEFER, USAGE);
	}
	if (optind != argc)
		die(DEFER, USAGE);
}

/* What the options have not said. */
static void
read_settings(void)
{
	if (delay == NOT_GIVEN)
		delay = control_need_number("greydelay", 300);
	if (window == NOT_GIVEN)
		window = control_need_number("greywindow", 86400);
	if (life == NOT_GIVEN)
		life = control_need_number("greylife", 3024000);
}

/* Get the entry of the key KIND FROM SUFFIX.  As state_table_get, but says why. */
static int
get(const char *kind, const char *from, const stralloc *suffix, int64_t now,
    struct state_entry *entry)
{
	stralloc key = {0};
	int r;

	text_cat(&key, kind, from, (char *)NULL);
	if (suffix != NULL)
		text_catb(&key, suffix->s, suffix->len);
	text_terminate(&key);
	r = state_table_get(&table, key.s, now, entry);
	if (r == -1)
		carpsys("unable to read ", TABLE);
	stralloc_free(&key);
	return r;
}

/* Remember the entry up to about that time.  Returns 0, or -1 after having said why. */
static int
remember(struct state_entry *entry, int64_t expires)
{
	if (entry->expires <= expires && entry->expires + REFRESH > expires)
		return 0;
	entry->expires = expires;
	if (state_table_put(&table, entry) == 0)
		return 0;
	carpsys("unable to write ", TABLE);
	return -1;
}

/* Has a message from there come through before?  1, 0, or -1 after having said why not
 * known. */
static int
is_allowed(const char *from, int64_t now)
{
	struct state_entry entry;
	int r = get("network ", from, NULL, now, &entry);

	if (r == 1)
		remember(&entry, now + (int64_t)life);
	if (r != -1)
		state_table_unlock(&table);
	return r;
}

static void
allow(const char *from, const char *client)
{
	int64_t now = time(NULL);
	struct state_entry entry;

	if (get("network ", from, NULL, now, &entry) == -1)
		return;
	remember(&entry, now + (int64_t)life);
	state_table_unlock(&table);
	log_event(NULL, "allowed", "network", from, "client", client, (char *)NULL);
}

/*
 * How many seconds the attempt from there has to wait yet: 0 none, -1 after having said
 * why not known.
 */
static int64_t
seconds_left(const char *from, const stralloc *attempt, int64_t now)
{
	struct state_entry entry;
	int64_t first, left;
	int r;

	if (get("attempt ", from, attempt, now, &entry) == -1)
		return -1;
	memcpy(&first, entry.data, sizeof first);
	if (!first || first > now) { /* or the clock was set back */
		first = now;
		memcpy(entry.data, &first, sizeof first);
		entry.expires = 0;
	}
	left = first + (int64_t)delay - now;
	r = remember(&entry, left > 0 ? first + (int64_t)window : now + (int64_t)life);
	state_table_unlock(&table);
	if (r == -1)
		return -1;
	return left > 0 ? left : 0;
}

/* The set of clients, when the client is in one: asked once for a message. */
static const char *
find_set(const char *client)
{
	if (!is_set_known) {
		text_terminate(&sender);
		text_terminate(&helo);
		if (!grey_set_find(&set, client, sender.s, helo.s))
			set.len = 0;
	}
	is_set_known = 1;
	return set.len > 0 ? set.s : NULL;
}

/*
 * How many seconds the attempt has to wait yet: 0 none, -2 none for it was allowed before
 * already, -1 after having said why not known.
 */
static int64_t
wait_of(const char *client, const char *from, const stralloc *attempt, int64_t now)
{
	int allowed = is_allowed(network, now);
	int64_t left = 0, left_there;
	const char *there;

	if (allowed == 0)
		left = seconds_left(from, attempt, now);
	/* who comes from elsewhere may be the same */
	there = allowed == 0 && left > 0 && from == network ? find_set(client) : NULL;
	if (there != NULL) {
		allowed = is_allowed(there, now);
		left_there = allowed == 0 ? seconds_left(there, attempt, now) : 0;
		left = left_there < left ? left_there : left;
	}
	if (allowed != 0)
		return allowed == 1 ? -2 : -1;
	return left;
}

/* from: the client's network, or POOL when its retry may come from any. */
static void
answer_recipient(const struct policy_request *request, const char *from, stralloc *out)
{
	stralloc attempt = {0}, recipient = {0};
	char digits[DECIMAL_MAX];
	int64_t left;

	address_key(&recipient, request->address, request->address_len);
	text_cat(&attempt, "\n", (char *)NULL);
	text_catb(&attempt, sender.s, sender.len);
	text_cat(&attempt, "\n", (char *)NULL);
	text_catb(&attempt, recipient.s, recipient.len);
	left = wait_of(request->client->ip, from, &attempt, time(NULL));
	if (left == -1)
		text_cat(out, ANSWER_TROUBLE, (char *)NULL);
	else if (left > 0)
		text_cat(out, ANSWER_GREY, text_decimal(digits, (uint64_t)left),
		    left == 1 ? " second" : " seconds", (char *)NULL);
	else
		text_cat(out, ANSWER_YES, (char *)NULL);
	has_waited |= left == 0;
	stralloc_free(&attempt);
	stralloc_free(&recipient);
}

/* 1, 0, or -1: a client that need not wait. */
static int
is_exempt(struct client *client)
{
	static int known = -1; /* a cache */

	if (known != -1)
		return known;
	known = client_may_relay(client);
	if (known == 0) {
		known = client_is_listed("greyallow", client->ip);
		if (known == -1)
			carpsys("unable to read control/greyallow");
	}
	return known;
}

/* The same for a recipient of the message under way; GREY_EXEMPT_POOL of its sender. */
static int
is_exempt_here(const struct policy_request *request)
{
	stralloc recipient = {0};
	int r = is_exempt(request->client);

	if (r == 0) {
		address_key(&recipient, request->address, request->address_len);
		text_terminate(&recipient);
		text_terminate(&sender);
		r = grey_exempt_has(sender.s, recipient.s, getenv("TCPREMOTEHOST"));
		if (r == -1)
			carpsys("unable to read control/greyexempt");
		stralloc_free(&recipient);
	}
	return r;
}

static void
answer_request(const struct policy_request *request, stralloc *out)
{
	const char *there;
	int exempt;

	if (policy_request_is(request, "mail")) {
		address_key(&sender, request->address, request->address_len);
		has_waited = is_set_known = 0;
		set.len = 0;
	}
	if (policy_request_is(request, "helo"))
		text_setb(&helo, request->address, request->address_len);
	if (policy_request_is(request, "done") && request->messages && has_waited) {
		allow(network, request->client->ip);
		there = find_set(request->client->ip);
		if (there != NULL)
			allow(there, request->client->ip);
	}
	if (!policy_request_is(request, "rcpt")) {
		text_cat(out, ANSWER_YES, (char *)NULL);
		return;
	}
	exempt = is_exempt_here(request);
	if (exempt == 0 || exempt == GREY_EXEMPT_POOL)
		answer_recipient(request, exempt ? POOL : network, out);
	else
		text_cat(out, exempt == 1 ? ANSWER_YES : ANSWER_TROUBLE, (char *)NULL);
}

int
main(int argc, char **argv)
{
	errmsg_iam("grey-check");
	take_options(argc, argv);
	home_enter();
	read_settings();
	client_network(network, getenv("TCPREMOTEIP"), 24, 64);
	if (state_table_open(&table, TABLE, TABLE_BUCKETS) == -1)
		diesys(DEFER, "unable to open ", TABLE);
	policy_serve(answer_request);
	return ACCEPT;
}
