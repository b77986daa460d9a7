/* dnsbl-check: refuse clients that lists in the DNS speak ill of. */

#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/client.h"
#include "lib/control.h"
#include "lib/dnsbl.h"
#include "lib/home.h"
#include "lib/ipaddress.h"
#include "lib/log.h"
#include "lib/resolver.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "policy/dnsbl_health.h"
#include "policy/policy_resolver.h"
#include "policy/policy_serve.h"

#define USAGE "usage: dnsbl-check [-s seconds] [-t score] [list...]"
#define LISTS_MAX MX_LIST_MAX
#define DEFAULT_SECONDS 5
#define SECONDS_MAX 30 /* of the 60 that a policy has */
#define TEXT_MAX 300   /* bytes of a list's words that the client is told */

#define ANSWER_YES "K"
#define ANSWER_LISTED "D550 5.7.1 "
#define ANSWER_TROUBLE "Z451 4.3.0 unable to decide now, try again later"

static struct dnsbl lists[LISTS_MAX];
static size_t count;
static unsigned long long threshold; /* 0: not given */
static struct resolver resolver;

static void
add_list(const char *s, const char *where)
{
	if (count == LISTS_MAX)
		die(DEFER, "too many lists");
	if (!dnsbl_scan(&lists[count], s))
		/* what stands before the = is secret */
		die(DEFER, where, ": not ZONE=NAME:SCORE:NETWORK,NETWORK...: ",
		    strchr(s, '=') != NULL ? strchr(s, '=') : s);
	count++;
}

static void
take_options(int argc, char **argv)
{
	unsigned long long seconds = DEFAULT_SECONDS;
	int option, sound = 1;

	while ((option = getopt(argc, argv, "+s:t:")) != -1) {
		if (option == 's')
			sound &=
			    text_number(optarg, strlen(optarg), SECONDS_MAX, &seconds);
		else if (option == 't')
			sound &= text_number(optarg, strlen(optarg), DNSBL_SCORE_MAX,
				     &threshold) &&
				 threshold > 0;
		else
			sound = 0;
	}
	if (!sound || !seconds)
		die(DEFER, USAGE);
	resolver.seconds = (unsigned)seconds;
}

/* What the options have not said, and the lists, those of the arguments last. */
static void
read_settings(char **arguments)
{
	stralloc list = {0};
	const char *line;

	if (threshold == 0)
		threshold = control_need_number("dnsblscore", 1);
	if (threshold == 0)
		die(DEFER, "control/dnsblscore: 0 is too little");
	if (control_list("dnsbl", &list) == -1)
		diesys(DEFER, "unable to read control/dnsbl");
	for (line = list.s; line < list.s + list.len; line += strlen(line) + 1)
		add_list(line, "control/dnsbl");
	stralloc_free(&list);
	for (; *arguments != NULL; arguments++)
		add_list(*arguments, "argument");
}

static void
log_unanswered(const struct dnsbl *list, const char *client)
{
	log_event(NULL, "unanswered", "list", list->name, "client", client, (char *)NULL);
}

/* Did the list tell that the address is in it?  One that does not answer tells nothing.
 */
static int
is_listed(
    const struct dnsbl *list, const struct resolver_addresses *host, const char *client)
{
	size_t i;

	if (host->lookup == RESOLVER_FAILED)
		log_unanswered(list, client);
	for (i = 0; i < host->n; i++)
		if (dnsbl_counts(list, host->ip[i]))
			return 1;
	return 0;
}

/* Has the list's text its private key in it? */
static int
is_telling(const struct dnsbl *list, stralloc *text)
{
	char key[ADDRESS_DOMAIN_MAX + 1] = "";
	size_t len = strcspn(list->zone, ".");

	if (strcmp(list->zone, list->name) == 0)
		return 0;
	memcpy(key, list->zone, len);
	text_terminate(text);
	return strcasestr(text->s, key) != NULL;
}

/* "ADDRESS is listed by NAME: its words" */
static void
explain(const struct dnsbl *list, const char *name, const char *client, stralloc *answer)
{
	stralloc text = {0};

	text_cat(
	    answer, ANSWER_LISTED, client, " is listed by ", list->name, (char *)NULL);
	if (resolver_text(&resolver, name, &text) && !is_telling(list, &text)) {
		text_cat(answer, ": ", (char *)NULL);
		text_cat_printable(answer, text.s, text.len, TEXT_MAX);
	}
	stralloc_free(&text);
}

/* Those that are in order, as far as is known; returns how many. */
static size_t
choose_lists(const struct dnsbl *asked[LISTS_MAX], const char *client)
{
	enum dnsbl_health health[LISTS_MAX];
	size_t i, n = 0;

	dnsbl_health_look(&resolver, lists, count, health);
	for (i = 0; i < count; i++) {
		if (health[i] == DNSBL_HEALTH_SILENT)
			log_unanswered(&lists[i], client);
		if (health[i] == DNSBL_HEALTH_SOUND)
			asked[n++] = &lists[i];
	}
	return n;
}

/* Ask all lists at the same time, and add up what they say. */
static void
ask_lists(const unsigned char ip[16], const char *client, stralloc *answer)
{
	static struct resolver_addresses hosts[LISTS_MAX];
	static char names[LISTS_MAX][DNSBL_NAME_MAX];
	const struct dnsbl *asked[LISTS_MAX];
	char digits[DECIMAL_MAX];
	stralloc zones = {0};
	size_t i, n = choose_lists(asked, client), worst = n;
	int score = 0;

	for (i = 0; i < n; i++) {
		dnsbl_name(names[i], asked[i], ip);
		hosts[i].name = names[i];
	}
	resolver_ip4(&resolver, hosts, n);
	for (i = 0; i < n; i++) {
		if (!is_listed(asked[i], &hosts[i], client))
			continue;
		score += asked[i]->score;
		text_cat(&zones, zones.len ? "," : "", asked[i]->name, (char *)NULL);
		if (worst == n || asked[i]->score > asked[worst]->score)
			worst = i;
	}
	if (zones.len) {
		text_terminate(&zones);
		log_event(NULL, "listed", "client", client, "score",
		    text_decimal(digits, (unsigned)(score < 0 ? 0 : score)), "lists",
		    zones.s, (char *)NULL);
	}
	if (score > 0 && (unsigned)score >= threshold)
		explain(asked[worst], names[worst], client, answer);
	stralloc_free(&zones);
}

/* What this client's recipients are told: empty when nothing is said against it. */
static const stralloc *
judge(struct client *client)
{
	static stralloc answer; /* a cache */
	static int known;
	unsigned char address[16];
	int authorised;

	if (known)
		return &answer;
	answer.len = 0;
	authorised = client_may_relay(client);
	if (authorised == -1) {
		text_cat(&answer, ANSWER_TROUBLE, (char *)NULL);
		return &answer;
	}
	known = 1;
	if (authorised || !count || client->ip == NULL ||
	    !ipaddress_scan(client->ip, address))
		return &answer;
	if (policy_resolver_open(&resolver) == 0)
		ask_lists(address, client->ip, &answer);
	resolver_close(&resolver);
	return &answer;
}

/* Who is listed by mistake must be able to say so: RFC 5321, 4.5.1 and RFC 2142. */
static int
hears_complaints(const struct policy_request *request)
{
	static const char *const names[] = {"postmaster@", "abuse@"};
	size_t i, len;

	for (i = 0; i < sizeof names / sizeof *names; i++) {
		len = strlen(names[i]);
		if (request->address_len > len &&
		    strncasecmp(request->address, names[i], len) == 0)
			return 1;
	}
	return 0;
}

static void
answer_request(const struct policy_request *request, stralloc *out)
{
	const stralloc *answer;

	if (policy_request_is(request, "rcpt") && !hears_complaints(request)) {
		answer = judge(request->client);
		if (answer->len) {
			text_catb(out, answer->s, answer->len);
			return;
		}
	}
	text_cat(out, ANSWER_YES, (char *)NULL);
}

int
main(int argc, char **argv)
{
	errmsg_iam("dnsbl-check");
	take_options(argc, argv);
	home_enter();
	read_settings(argv + optind);
	policy_serve(answer_request);
	return ACCEPT;
}
