/* dns-ask: ask the DNS for records, for a script. */

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "dns/dns_message.h"
#include "dns/upstream.h"
#include "lib/deadline.h"
#include "lib/durable.h"
#include "lib/home.h"
#include "lib/idn.h"
#include "lib/ipaddress.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "lib/visible.h"

#define USAGE                                                                            \
	"usage: dns-ask [-S] [-r server]... [-s seconds] type name | dns-ask -a name | " \
	"dns-ask -n address"
#define NOTHING 1 /* exit code: there are no such records */
#define SECONDS 10
#define SECONDS_MAX 60

static unsigned long long seconds = SECONDS;
static int only; /* to print a name: the option, or 0 */
static int needs_proof;
static stralloc servers;

/* What has come. */
static struct dns_answer answer = {.status = DNS_ANSWER_FAILED};
static stralloc cname, records;
static int is_over;

static void
take_options(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "+anSr:s:")) != -1)
		if (option == 'a' || option == 'n')
			only = option;
		else if (option == 'S')
			needs_proof = 1;
		else if (option == 'r')
			text_catb(&servers, optarg, strlen(optarg) + 1);
		else if (option != 's' ||
			 !text_number(optarg, strlen(optarg), SECONDS_MAX, &seconds) ||
			 seconds == 0)
			die(DEFER, USAGE);
	if (argc - optind != (only ? 1 : 2))
		die(DEFER, USAGE);
}

static void
say(const stralloc *line)
{
	if (durable_write(1, line->s, line->len) == -1)
		diesys(DEFER, "unable to write the answer");
}

/* The reverse name of an address (RFC 1035, 3.5; RFC 3596, 2.5), or the name. */
static void
put_name(stralloc *name, const char *s, unsigned type)
{
	unsigned char ip[16];
	char digits[DECIMAL_MAX];
	int i;

	if (type != dns_message_type("PTR", 3) || !ipaddress_scan(s, ip)) {
		if (idn_put_domain(name, s) == -1)
			die(DEFER, s, ": not a domain");
	} else if (memcmp(ip, "\0\0\0\0\0\0\0\0\0\0\377\377", 12) == 0) {
		for (i = 15; i > 11; i--)
			text_cat(name, text_decimal(digits, ip[i]), ".", (char *)NULL);
		text_cat(name, "in-addr.arpa", (char *)NULL);
	} else {
		for (i = 31; i >= 0; i--) {
			text_catb(name,
			    "0123456789abcdef" + (ip[i / 2] >> (i % 2 ? 0 : 4) & 15), 1);
			text_cat(name, ".", (char *)NULL);
		}
		text_cat(name, "ip6.arpa", (char *)NULL);
	}
	text_terminate(name);
}

/* The type of the record that is being waited for. */
static void
take_answer(void *asker, const unsigned char *m, size_t len)
{
	if (m != NULL)
		dns_message_read(
		    &answer, &cname, &records, m, len, *(const unsigned *)asker);
	is_over = 1;
}

/* Returns 0, or -1 with errno. */
static int
await(void)
{
	struct pollfd pollers[UPSTREAM_POLLED_MAX];
	int64_t until = deadline_now() + (int64_t)seconds * 1000;
	int wait, r;
	size_t n;

	while (!is_over) {
		n = upstream_polled(pollers);
		wait = upstream_wait();
		if (deadline_now() >= until) {
			errno = ETIMEDOUT;
			return -1;
		}
		r = poll(pollers, n, wait == -1 || wait > 100 ? 100 : wait);
		if (r == -1 && errno != EINTR)
			return -1;
		upstream_process(pollers, r > 0 ? n : 0);
	}
	return 0;
}

/* A TLSA record: RFC 6698, 2.2. */
static void
put_tlsa(stralloc *line, const char *s, size_t len)
{
	char digits[DECIMAL_MAX];
	size_t i;

	for (i = 0; i < len; i++)
		if (i < 3) {
			text_cat(line, text_decimal(digits, (unsigned char)s[i]), " ",
			    (char *)NULL);
		} else {
			text_catb(
			    line, "0123456789abcdef" + ((unsigned char)s[i] >> 4), 1);
			text_catb(line, "0123456789abcdef" + (s[i] & 15), 1);
		}
}

static void
put_record(stralloc *line, const char *type, const char *s, size_t len)
{
	char text[IPADDRESS_TEXT_MAX];
	unsigned char ip[16] = {[10] = 255, [11] = 255};

	if (*type == 'A' && len <= sizeof(ip)) {
		memcpy(ip + sizeof(ip) - len, s, len);
		text_cat(line, ipaddress_text(text, ip), (char *)NULL);
	} else if (strcmp(type, "TLSA") == 0) {
		put_tlsa(line, s, len);
	} else {
		text_cat_printable(line, s, len, len);
	}
	text_cat(line, "\n", (char *)NULL);
}

static int
print(const char *type)
{
	static stralloc out;
	const char *s;
	size_t len;

	switch (answer.status) {
	case DNS_ANSWER_FAILED:
		die(DEFER, "the DNS does not answer");
	case DNS_ANSWER_NO_NAME:
	case DNS_ANSWER_NOTHING:
		return NOTHING;
	case DNS_ANSWER_FOUND:
		break;
	}
	if (needs_proof && !answer.secure)
		return NOTHING;
	answer.records = records.s;
	answer.records_len = records.len;
	while (dns_answer_next(&answer, &s, &len))
		put_record(&out, type, s, len);
	say(&out);
	return ACCEPT;
}

int
main(int argc, char **argv)
{
	static stralloc name;
	unsigned type;

	errmsg_iam("dns-ask");
	take_options(argc, argv);
	argv += optind;
	if (only) {
		put_name(&name, argv[0], only == 'n' ? dns_message_type("PTR", 3) : 0);
		text_cat(&name, "\n", (char *)NULL);
		say(&name);
		return ACCEPT;
	}
	type = dns_message_type(argv[0], strlen(argv[0]));
	if (type == 0)
		die(DEFER, argv[0], ": not a type of record that is known here");
	put_name(&name, argv[1], type);
	if (servers.len == 0)
		home_enter();
	upstream_use(servers.s, servers.len);
	if (upstream_ask(name.s, type, take_answer, &type) == -1)
		die(DEFER, argv[1], ": not a name that can be asked for");
	if (await() == -1)
		diesys(DEFER, "unable to ask the DNS");
	return print(argv[0]);
}
