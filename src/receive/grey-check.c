/* grey-check: let strangers come again before their mail is taken. */

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/address.h"
#include "lib/control.h"
#include "lib/home.h"
#include "lib/log.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "receive/client.h"
#include "receive/policy_serve.h"
#include "receive/state_table.h"

#define USAGE "usage: grey-check [-d seconds] [-w seconds] [-l seconds]"
#define TABLE "state/grey/table"
#define TABLE_BUCKETS 8192 /* 524,288 networks and attempts, 32 MiB */
#define SECONDS_MAX 31536000
#define REFRESH 3600 /* seconds by which an expiry is worth being put off */

#define ANSWER_YES "K"
#define ANSWER_GREY "Z450 4.7.1 greylisted, try again in "
#define ANSWER_TROUBLE "Z451 4.3.0 unable to look up the greylist, try again later"

static unsigned long long delay;  /* seconds that a stranger has to wait */
static unsigned long long window; /* within which it has to come again */
static unsigned long long life;   /* for which it is then remembered */

static struct state_table table;
static char network[CLIENT_NETWORK_MAX];
static stralloc sender; /* of the message under way, as a key */
static int has_waited;  /* for a recipient of it */

static void
take_options(int argc, char **argv)
{
	static const char letters[] = "dwl";
	unsigned long long *const settings[] = {&delay, &window, &life};
	const char *letter;
	int option;

	while ((option = getopt(argc, argv, "d:w:l:")) != -1) {
		letter = strchr(letters, option);
		if (!letter || !text_number(optarg, strlen(optarg), SECONDS_MAX,
				   settings[letter - letters]))
			die(DEFER, USAGE);
	}
	if (optind != argc)
		die(DEFER, USAGE);
}

static void
read_settings(void)
{
	delay = control_need_number("greydelay", 300);
	window = control_need_number("greywindow", 86400);
	life = control_need_number("greylife", 3024000);
}

/* Get the entry of the key KIND NETWORK SUFFIX.  As state_table_get, but says why. */
static int
get(const char *kind, const stralloc *suffix, int64_t now, struct state_entry *entry)
{
	stralloc key = {0};
	int r;

	text_cat(&key, kind, network, NULL);
	if (suffix)
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

/* Has a message from this network come through before?  1, 0, or -1 after having said
 * why not known. */
static int
is_allowed(int64_t now)
{
	struct state_entry entry;
	int r = get("network ", NULL, now, &entry);

	if (r == 1)
		remember(&entry, now + (int64_t)life);
	if (r != -1)
		state_table_unlock(&table);
	return r;
}

static void
allow(void)
{
	int64_t now = time(NULL);
	struct state_entry entry;

	if (get("network ", NULL, now, &entry) == -1)
		return;
	remember(&entry, now + (int64_t)life);
	state_table_unlock(&table);
	log_event(
	    NULL, "allowed", "network", network, "client", getenv("TCPREMOTEIP"), NULL);
}

/* How many seconds it has to wait yet: 0 none, -1 after having said why not known. */
static int64_t
seconds_left(const stralloc *attempt, int64_t now)
{
	struct state_entry entry;
	int64_t first, left;
	int r;

	if (get("attempt ", attempt, now, &entry) == -1)
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

static void
answer_recipient(const char *address, size_t len, stralloc *out)
{
	stralloc attempt = {0}, recipient = {0};
	int64_t now = time(NULL), left = 0;
	char digits[DECIMAL_MAX];
	int allowed = is_allowed(now);

	address_key(&recipient, address, len);
	text_cat(&attempt, "\n", NULL);
	text_catb(&attempt, sender.s, sender.len);
	text_cat(&attempt, "\n", NULL);
	text_catb(&attempt, recipient.s, recipient.len);
	if (!allowed)
		left = seconds_left(&attempt, now);
	if (allowed == -1 || left == -1)
		text_cat(out, ANSWER_TROUBLE, NULL);
	else if (left)
		text_cat(out, ANSWER_GREY, text_decimal(digits, (uint64_t)left),
		    left == 1 ? " second" : " seconds", NULL);
	else
		text_cat(out, ANSWER_YES, NULL);
	has_waited |= !allowed && !left;
	stralloc_free(&attempt);
	stralloc_free(&recipient);
}

/* 1, 0, or -1: a client that need not wait. */
static int
is_exempt(void)
{
	static int known = -1; /* a cache */

	if (known != -1)
		return known;
	known = client_is_authorised();
	if (known == 0) {
		known = client_is_listed("greyallow", getenv("TCPREMOTEIP"));
		if (known == -1)
			carpsys("unable to read control/greyallow");
	}
	return known;
}

static void
answer_request(const struct policy_request *request, stralloc *out)
{
	int exempt;

	if (policy_request_is(request, "mail")) {
		address_key(&sender, request->address, request->address_len);
		has_waited = 0;
	}
	if (policy_request_is(request, "done") && request->messages && has_waited)
		allow();
	if (!policy_request_is(request, "rcpt")) {
		text_cat(out, ANSWER_YES, NULL);
		return;
	}
	exempt = is_exempt();
	if (exempt == 0)
		answer_recipient(request->address, request->address_len, out);
	else
		text_cat(out, exempt == 1 ? ANSWER_YES : ANSWER_TROUBLE, NULL);
}

int
main(int argc, char **argv)
{
	errmsg_iam("grey-check");
	home_enter();
	read_settings();
	take_options(argc, argv);
	client_network(network, getenv("TCPREMOTEIP"), 24, 64);
	if (state_table_open(&table, TABLE, TABLE_BUCKETS) == -1)
		diesys(DEFER, "unable to open ", TABLE);
	policy_serve(answer_request);
	return ACCEPT;
}
