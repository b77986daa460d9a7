/* dnsbl-check: refuse clients that lists in the DNS speak ill of. */

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/control.h"
#include "lib/dnsbl.h"
#include "lib/home.h"
#include "lib/ipaddress.h"
#include "lib/log.h"
#include "lib/resolver.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "receive/client.h"
#include "receive/policy_serve.h"

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
static unsigned long long threshold;
static struct resolver resolver;

static void
add_list(const char *s, const char *where)
{
	if (count == LISTS_MAX)
		die(DEFER, "too many lists");
	if (!dnsbl_scan(&lists[count], s))
		die(DEFER, where, ": not ZONE:SCORE:NETWORK,NETWORK...: ", s);
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
			sound &= text_number(
			    optarg, strlen(optarg), DNSBL_SCORE_MAX, &threshold);
		else
			sound = 0;
	}
	if (!sound || !seconds || !threshold)
		die(DEFER, USAGE);
	resolver.seconds = (unsigned)seconds;
	for (; optind < argc; optind++)
		add_list(argv[optind], "argument");
}

static void
read_settings(void)
{
	stralloc list = {0};
	const char *line;

	threshold = control_need_number("dnsblscore", 1);
	if (control_list("dnsbl", &list) == -1)
		diesys(DEFER, "unable to read control/dnsbl");
	for (line = list.s; line < list.s + list.len; line += strlen(line) + 1)
		add_list(line, "control/dnsbl");
	stralloc_free(&list);
}

/* Returns 0, or -1 after having said why. */
static int
open_resolver(void)
{
	stralloc servers = {0};
	const char *why = "unable to read control/resolvers";
	int r = -1;

	if (control_list("resolvers", &servers) != -1)
		r = resolver_open(&resolver, servers.s, servers.len, &why);
	if (r == -1)
		carp("unable to use the DNS: ", why);
	stralloc_free(&servers);
	return r;
}

/* Did the list tell that the address is in it?  One that does not answer tells nothing.
 */
static int
is_listed(const struct dnsbl *list, const struct host_addresses *host)
{
	size_t i;

	if (host->lookup == LOOKUP_FAILED)
		log_event(NULL, "unanswered", "list", list->zone, "client",
		    getenv("TCPREMOTEIP"), NULL);
	for (i = 0; i < host->n; i++)
		if (dnsbl_counts(list, host->ip[i]))
			return 1;
	return 0;
}

/* "ADDRESS is listed by ZONE: its words" */
static void
explain(const struct dnsbl *list, const char *name, stralloc *answer)
{
	stralloc text = {0};

	text_cat(answer, ANSWER_LISTED, getenv("TCPREMOTEIP"), " is listed by ",
	    list->zone, NULL);
	if (resolver_text(&resolver, name, &text)) {
		text_cat(answer, ": ", NULL);
		text_cat_printable(answer, text.s, text.len, TEXT_MAX);
	}
	stralloc_free(&text);
}

/* Ask all lists at the same time, and add up what they say. */
static void
ask_lists(const unsigned char ip[16], stralloc *answer)
{
	static struct host_addresses hosts[LISTS_MAX];
	static char names[LISTS_MAX][DNSBL_NAME_MAX];
	char digits[DECIMAL_MAX];
	stralloc zones = {0};
	size_t i, worst = LISTS_MAX;
	int score = 0;

	for (i = 0; i < count; i++) {
		dnsbl_name(names[i], &lists[i], ip);
		hosts[i].name = names[i];
	}
	resolver_ip4(&resolver, hosts, count);
	for (i = 0; i < count; i++) {
		if (!is_listed(&lists[i], &hosts[i]))
			continue;
		score += lists[i].score;
		text_cat(&zones, zones.len ? "," : "", lists[i].zone, NULL);
		if (worst == LISTS_MAX || lists[i].score > lists[worst].score)
			worst = i;
	}
	if (zones.len) {
		text_terminate(&zones);
		log_event(NULL, "listed", "client", getenv("TCPREMOTEIP"), "score",
		    text_decimal(digits, (unsigned)(score < 0 ? 0 : score)), "lists",
		    zones.s, NULL);
	}
	if (score > 0 && (unsigned)score >= threshold)
		explain(&lists[worst], names[worst], answer);
	stralloc_free(&zones);
}

/* What this client's recipients are told: empty when nothing is said against it. */
static const stralloc *
judge(void)
{
	static stralloc answer; /* a cache */
	static int known;
	const char *ip = getenv("TCPREMOTEIP");
	unsigned char address[16];
	int authorised;

	if (known)
		return &answer;
	answer.len = 0;
	authorised = client_is_authorised();
	if (authorised == -1) {
		text_cat(&answer, ANSWER_TROUBLE, NULL);
		return &answer;
	}
	known = 1;
	if (authorised || !count || !ip || !ipaddress_scan(ip, address))
		return &answer;
	if (open_resolver() == 0)
		ask_lists(address, &answer);
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
		    !strncasecmp(request->address, names[i], len))
			return 1;
	}
	return 0;
}

static void
answer_request(const struct policy_request *request, stralloc *out)
{
	const stralloc *answer;

	if (policy_request_is(request, "rcpt") && !hears_complaints(request)) {
		answer = judge();
		if (answer->len) {
			text_catb(out, answer->s, answer->len);
			return;
		}
	}
	text_cat(out, ANSWER_YES, NULL);
}

int
main(int argc, char **argv)
{
	errmsg_iam("dnsbl-check");
	home_enter();
	read_settings();
	take_options(argc, argv);
	policy_serve(answer_request);
	return ACCEPT;
}
