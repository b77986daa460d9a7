/* rate-check: limit what a client and a user may send in an hour. */

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
#include "lib/rate_limits.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "policy/policy_serve.h"
#include "policy/rate_window.h"
#include "policy/state_table.h"

#define USAGE                                                                            \
	"usage: rate-check [-c messages,recipients,failed] "                             \
	"[-u messages,recipients,failed]"
#define TABLE "state/rate/table"
#define TABLE_BUCKETS 1024 /* 65,536 clients and users an hour, 4 MiB */

#define ANSWER_YES "K"
#define ANSWER_TROUBLE "Z451 4.3.0 unable to count what you send, try again later"

static const char *const answers[RATE_MEASURES] = {
    "Z450 4.7.1 too many messages within an hour, try again later",
    "Z450 4.7.1 too many recipients within an hour, try again later",
    "Z450 4.7.1 too many wrong recipients within an hour, try again later",
};
static const char *const names[RATE_MEASURES] = {"messages", "recipients", "failed"};

static struct rate_limits client_limits = {{1000, 5000, 100}};
static struct rate_limits user_limits = {{1000, 5000, 200}};
static int has_client_limits, has_user_limits; /* by options */

static struct rate_limits limits; /* that hold for this connection */
static struct state_table table;
static stralloc key; /* whose they are */
static const char *user;

static void
take_options(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "+c:u:")) != -1)
		if (option == 'c' && rate_limits_scan(&client_limits, optarg, ','))
			has_client_limits = 1;
		else if (option == 'u' && rate_limits_scan(&user_limits, optarg, ','))
			has_user_limits = 1;
		else
			die(DEFER, USAGE);
	if (optind != argc)
		die(DEFER, USAGE);
}

/* Whom to count: the user, wherever he is, or else the address. */
static void
identify(void)
{
	char network[CLIENT_NETWORK_MAX];
	stralloc address = {0};

	user = getenv("AUTHUSER");
	if (user != NULL && !*user)
		user = NULL;
	if (user != NULL) {
		address_key(&address, user, strlen(user));
		text_cat(&key, "user ", (char *)NULL);
		text_catb(&key, address.s, address.len);
	} else {
		text_cat(&key, "client ",
		    client_network(network, getenv("TCPREMOTEIP"), 32, 64), (char *)NULL);
	}
	text_terminate(&key);
	stralloc_free(&address);
}

/* A line about this very user or address comes before an option, and that before a line
 * about all. */
static void
choose_limits(void)
{
	struct rate_limits listed;
	stralloc list = {0};
	int is_general = 0, found;

	if (control_list("ratelimits", &list) == -1)
		diesys(DEFER, "unable to read control/ratelimits");
	found = rate_limits_find(
	    &listed, &is_general, list.s, list.len, user, getenv("TCPREMOTEIP"));
	limits = user != NULL ? user_limits : client_limits;
	if (found &&
	    !(is_general && (user != NULL ? has_user_limits : has_client_limits)))
		limits = listed;
	stralloc_free(&list);
}

/* A stolen password shows here: once for each kind and connection. */
static void
alert(enum rate_measure measure)
{
	static int said[RATE_MEASURES];
	char most[DECIMAL_MAX];

	if (user == NULL || said[measure])
		return;
	said[measure] = 1;
	log_event(NULL, "alert", "user", user, "client", getenv("TCPREMOTEIP"), "reason",
	    "over the limit of an hour", "limit", names[measure], "most",
	    text_decimal(most, limits.most[measure]), (char *)NULL);
}

static int
is_over(const struct rate_window *window, enum rate_measure measure, int64_t now)
{
	return limits.most[measure] &&
	       rate_window_sum(window, measure, now) >= limits.most[measure];
}

/* Which limit forbids one more of that kind?  RATE_MEASURES when none does. */
static enum rate_measure
find_limit(const struct rate_window *window, enum rate_measure measure, int64_t now)
{
	if (measure == RATE_MESSAGES && is_over(window, RATE_FAILED, now))
		return RATE_FAILED;
	if (measure != RATE_FAILED && is_over(window, measure, now))
		return measure;
	return RATE_MEASURES;
}

/* Count n of that kind, unless a limit is reached.  Returns the answer. */
static const char *
count(enum rate_measure measure, uint64_t n)
{
	int64_t now = time(NULL);
	struct state_entry entry;
	struct rate_window window;
	enum rate_measure over;
	int r = 0;

	if (state_table_get(&table, key.s, now, &entry) == -1) {
		carpsys("unable to read ", TABLE);
		return ANSWER_TROUBLE;
	}
	memcpy(&window, entry.data, sizeof window);
	rate_window_roll(&window, now);
	over = find_limit(&window, measure, now);
	if (over == RATE_MEASURES) {
		rate_window_add(&window, measure, n);
		memcpy(entry.data, &window, sizeof window);
		entry.expires = rate_window_end(&window);
		r = state_table_put(&table, &entry);
	}
	state_table_unlock(&table);
	if (r == -1) {
		carpsys("unable to write ", TABLE);
		return ANSWER_TROUBLE;
	}
	if (over == RATE_MEASURES)
		return ANSWER_YES;
	alert(over);
	return answers[over];
}

static void
answer_request(const struct policy_request *request, stralloc *out)
{
	const char *answer = ANSWER_YES;

	if (policy_request_is(request, "mail"))
		answer = count(RATE_MESSAGES, 1);
	else if (policy_request_is(request, "rcpt"))
		answer = count(RATE_RECIPIENTS, 1);
	else if (policy_request_is(request, "done") && request->refused)
		count(RATE_FAILED, request->refused);
	text_cat(out, answer, (char *)NULL);
}

int
main(int argc, char **argv)
{
	errmsg_iam("rate-check");
	take_options(argc, argv);
	home_enter();
	identify();
	choose_limits();
	if (state_table_open(&table, TABLE, TABLE_BUCKETS) == -1)
		diesys(DEFER, "unable to open ", TABLE);
	policy_serve(answer_request);
	return ACCEPT;
}
