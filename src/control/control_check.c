#include <dirent.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errmsg.h>

#include "control/control_check.h"
#include "control/control_line.h"
#include "control/text_file.h"
#include "lib/address.h"
#include "lib/bind_address.h"
#include "lib/client.h"
#include "lib/control.h"
#include "lib/control_unit.h"
#include "lib/helo_host.h"
#include "lib/ip_families.h"
#include "lib/mailbox_owner.h"
#include "lib/rate_line.h"
#include "lib/routes.h"
#include "lib/smtppasswords.h"
#include "lib/text.h"
#include "lib/tls_policy.h"
#include "lib/verdict.h"

#define BYTES_MAX 9223372036854775807ULL
#define PORT_MAX 65535
#define CONCURRENCY_MAX 500
#define JOURNAL_MIN 1572864    /* three segments of the smallest size */
#define JOURNAL_MAX 1677721600 /* 100 of the largest */
#define DAY 86400
#define YEAR 31536000

/* A name of ours. */
static const char *
check_host(const char *s, size_t len)
{
	return address_is_host(s, len) ? NULL : "not a domain";
}

/* A domain, or with a dot before it all that lies below it. */
static const char *
check_domain_below(const char *s, size_t len)
{
	size_t dot = s[0] == '.';

	return address_is_domain(s + dot, len - dot) ? NULL : "not a domain";
}

static const char *
check_network(const char *s, size_t len)
{
	static const unsigned char any[16];
	char rule[128];
	int r = -1;

	if (text_copy(rule, sizeof rule, s, len))
		r = client_rule_matches(any, rule);
	if (r == CLIENT_RULE_OPEN)
		return "this is everybody: if that is meant, write `anybody` behind it";
	return r == -1 ? "not an address, and no ADDRESS/BITS without host bits" : NULL;
}

#define ROUTE_FORMS                                                                      \
	" HOST, HOST:PORT, mx!DOMAIN, smtps://HOST[:PORT], lmtp://HOST:PORT, "           \
	"lmtp:///PATH, or fail TEXT"

static const char *
check_route(const char *s, size_t len)
{
	char line[4096];

	return text_copy(line, sizeof line, s, len) && routes_is_domain_line(line)
		   ? NULL
		   : "not DOMAIN:, and behind it, with blanks between," ROUTE_FORMS;
}

static const char *
check_sender_route(const char *s, size_t len)
{
	char line[4096];

	return text_copy(line, sizeof line, s, len) && routes_is_sender_line(line)
		   ? NULL
		   : "not ADDRESS: or @DOMAIN:, and behind it, with blanks "
		     "between," ROUTE_FORMS;
}

static const char *
check_bind(const char *s, size_t len)
{
	struct bind_address b;
	char line[1024];

	return text_copy(line, sizeof line, s, len) && bind_address_parse(&b, line)
		   ? NULL
		   : "not PATTERN ADDRESS, or PATTERN and an address of IPv4 and of IPv6";
}

static const char *
check_helo(const char *s, size_t len)
{
	char line[512];

	return text_copy(line, sizeof line, s, len) && helo_host_line(line)
		   ? NULL
		   : "not a domain, nor an address of ours and a domain";
}

static const char *
check_families(const char *s, size_t len)
{
	struct ip_families f;

	return ip_families_parse(&f, s, len) ? NULL : "not ipv4, ipv6, or both";
}

static const char *
check_password(const char *s, size_t len)
{
	static struct smtppassword password;
	char line[4096];
	int is_sound =
	    text_copy(line, sizeof line, s, len) && smtppasswords_parse(&password, line);

	explicit_bzero(line, sizeof line);
	smtppasswords_forget(&password);
	return is_sound ? NULL : "not HOST[:PORT] USER PASSWORD, or token:FILE";
}

static const char *
check_local(const char *s, size_t len)
{
	return address_is_local(s, len) ? NULL
					: "not the part of an address before the @";
}

static const char *
check_rate(const char *s, size_t len)
{
	struct rate_line rate;
	char line[1024];

	return text_copy(line, sizeof line, s, len) && rate_line_parse(&rate, line)
		   ? NULL
		   : "not DOMAIN RATE, mx:HOST RATE or * RATE";
}

static const char *
check_address(const char *s, size_t len)
{
	return address_is_local(s, len) || address_is_mailbox(s, len) ? NULL
								      : "not an address";
}

static const char *
check_owner(const char *s, size_t len)
{
	uid_t uid;
	gid_t gid;

	return len > 0 && mailbox_owner_scan(s, len, &uid, &gid) == len && uid > 0
		   ? NULL
		   : "not of the form UID:GID";
}

/* What the programs that read a file take: one line that is checked, or a number. */
static const char *
check_tls_version(const char *s, size_t len)
{
	if (len == 3 && s[0] == '1' && s[1] == '.' && s[2] >= '0' && s[2] <= '3')
		return NULL;
	return "not 1.0, 1.1, 1.2 or 1.3";
}

static const char *
check_spf(const char *s, size_t len)
{
	static const char *const words[] = {"mark", "reject", "reject permerror", NULL};
	const char *const *word = words;

	while (*word != NULL && (strlen(*word) != len || memcmp(*word, s, len) != 0))
		word++;
	return *word != NULL ? NULL : "neither mark, reject nor reject permerror";
}

/* Is s[0..len) a line of control/NAME?  With s null: has it any? */
static int
is_listed(const char *name, const char *s, size_t len)
{
	stralloc list = {0};
	const char *line;
	int found = 0;

	if (control_list(name, &list) == 1)
		for (line = list.s; line < list.s + list.len && !found;
		     line += strlen(line) + 1)
			found = s == NULL ||
				(strlen(line) == len && strncasecmp(line, s, len) == 0);
	stralloc_free(&list);
	return found;
}

static const char *
check_srs(const char *s, size_t len)
{
	if (len == 1 && *s == '0')
		return NULL;
	if (!is_listed("srssecrets", NULL, 0))
		return "control/srssecrets has no secret";
	return (len == 1 && *s == '1') || is_listed("domains", s, len)
		   ? NULL
		   : "neither 0, 1 nor a domain of this system";
}

static const char *
check_secret(const char *s, size_t len)
{
	struct stat st;

	(void)s;
	if (stat("control/srssecrets", &st) == 0 && (st.st_mode & S_IRWXO) != 0)
		return "others can read it: chmod 600";
	return len >= 8 ? NULL : "shorter than 8 characters: it can be guessed";
}

static const char *
check_dmarc(const char *s, size_t len)
{
	return (len == 4 && memcmp(s, "mark", 4) == 0) ||
		       (len == 6 && memcmp(s, "reject", 6) == 0)
		   ? NULL
		   : "neither mark nor reject";
}

/* A client, or a domain, maybe with a dot before it. */
static const char *
check_exempt(const char *s, size_t len)
{
	const char *wrong = check_network(s, len);

	return wrong == NULL || check_domain_below(s, len) == NULL
		   ? NULL
		   : "neither an address, a network nor a domain";
}

/* OpenSSL has the last word about that. */
static const char *
check_tls_ciphers(const char *s, size_t len)
{
	return memchr(s, ' ', len) == NULL && memchr(s, '\t', len) == NULL
		   ? NULL
		   : "a list of ciphers with colons between has no blanks";
}

/* tls-wrap and others have to read it; that it is there can be seen from here. */
static const char *
check_authorities(const char *s, size_t len)
{
	char path[1024];

	if (*s != '/' || !text_copy(path, sizeof path, s, len))
		return "not an absolute path";
	return access(path, F_OK) == 0 ? NULL : "there is no such file";
}

static const char *
check_tls_policy(const char *s, size_t len)
{
	struct tls_policy policy;
	char line[4096];

	return text_copy(line, sizeof line, s, len) ? tls_policy_parse(&policy, line)
						    : "too long";
}

static const struct control_file {
	const char *name;
	int list; /* many lines, and comments */
	const char *(*check)(const char *s, size_t len);
	unsigned long long least, most; /* of a number, when there is no check */
} controls[] = {
    {"control/me", 0, check_host, 0, 0},
    {"control/defaultdomain", 0, check_host, 0, 0},
    {"control/helohost", 1, check_helo, 0, 0},
    {"control/doublebounceto", 0, check_address, 0, 0},
    {"control/mailuser", 0, check_owner, 0, 0},
    {"control/relayclients", 1, check_network, 0, 0},
    {"control/relaydomains", 1, check_domain_below, 0, 0},
    {"control/channelbinding", 0, NULL, 0, 1},
    {"control/upgradehashes", 0, NULL, 0, 1},
    {"control/trustad", 0, NULL, 0, 1},
    {"control/stsport", 0, NULL, 1, PORT_MAX},
    {"control/tlsmin", 0, check_tls_version, 0, 0},
    {"control/tlsciphers", 0, check_tls_ciphers, 0, 0},
    {"control/tlspolicy", 1, check_tls_policy, 0, 0},
    {"control/cafile", 0, check_authorities, 0, 0},
    {"control/clearclients", 1, check_network, 0, 0},
    {"control/localips", 1, check_network, 0, 0},
    {"control/proxyclients", 1, check_network, 0, 0},
    {"control/badhelo", 1, check_domain_below, 0, 0},
    {"control/ratelimits", 1, control_line_rate, 0, 0},
    {"control/smtpplugins", 1, control_line_plugin, 0, 0},
    {"control/dnsbl", 1, control_line_dnsbl, 0, 0},
    {"control/dnsblscore", 0, NULL, 1, 1000},
    {"control/greyallow", 1, check_network, 0, 0},
    {"control/greyexempt", 1, control_line_grey, 0, 0},
    {"control/greydelay", 0, NULL, 0, YEAR},
    {"control/greywindow", 0, NULL, 1, YEAR},
    {"control/greylife", 0, NULL, 1, YEAR},
    {"control/spf", 0, check_spf, 0, 0},
    {"control/srs", 0, check_srs, 0, 0},
    {"control/srssecrets", 1, check_secret, 0, 0},
    {"control/authservid", 0, check_host, 0, 0},
    {"control/dkimretire", 0, NULL, 0, 3650},
    {"control/dmarc", 0, check_dmarc, 0, 0},
    {"control/dmarcexempt", 1, check_exempt, 0, 0},
    {"control/dmarcreport", 0, control_line_organisation, 0, 0},
    {"control/tlsreport", 0, control_line_organisation, 0, 0},
    {"control/senders", 1, control_line_sender, 0, 0},
    {"control/checkfrom", 0, NULL, 0, 1},
    {"control/hideclient", 0, NULL, 0, 1},
    {"control/smtproutes", 1, check_route, 0, 0},
    {"control/senderroutes", 1, check_sender_route, 0, 0},
    {"control/bindaddresses", 1, check_bind, 0, 0},
    {"control/ipfamilies", 0, check_families, 0, 0},
    {"control/neverto", 1, check_network, 0, 0},
    {"control/rates", 1, check_rate, 0, 0},
    {"control/resolvers", 1, control_line_resolver, 0, 0},
    {"control/qmqpservers", 1, control_line_resolver, 0, 0},
    {"control/paused", 1, control_line_paused, 0, 0},
    {"control/hold", 1, control_line_hold, 0, 0},
    {"control/retry", 1, NULL, 1, YEAR},
    {"control/queuelifetime", 0, NULL, 0, YEAR},
    {"control/delaywarning", 0, NULL, 0, YEAR},
    {"control/bouncemaxbytes", 0, NULL, 0, BYTES_MAX},
    {"control/bouncehost", 0, check_host, 0, 0},
    {"control/bouncefrom", 0, check_local, 0, 0},
    {"control/databytes", 0, NULL, 0, BYTES_MAX},
    {"control/quota", 0, NULL, 0, BYTES_MAX},
    {"control/journalbytes", 0, NULL, JOURNAL_MIN, JOURNAL_MAX},
    {"control/queuereserve", 0, NULL, 0, BYTES_MAX},
    {"control/headermax", 0, NULL, 0, BYTES_MAX},
    {"control/timeoutsmtpd", 0, NULL, 1, DAY},
    {"control/timeoutstranger", 0, NULL, 1, DAY},
    {"control/timeoutsession", 0, NULL, 1, 7 * DAY},
    {"control/timeoutpop3", 0, NULL, 1, DAY},
    {"control/timeoutremote", 0, NULL, 1, DAY},
    {"control/timeoutconnect", 0, NULL, 1, DAY},
    {"control/mxport", 0, NULL, 1, PORT_MAX},
    {"control/smtppasswords", 1, check_password, 0, 0},
    {"control/rcptmax", 0, NULL, 1, 1000},
    {"control/linemax", 0, NULL, 0, UINT32_MAX},
    {"control/concurrencylocal", 0, NULL, 1, CONCURRENCY_MAX},
    {"control/concurrencyremote", 0, NULL, 1, CONCURRENCY_MAX},
    {"control/concurrencydestination", 0, NULL, 1, CONCURRENCY_MAX},
};

/* Null, or what is wrong with the line. */
static const char *
check_line(const struct control_file *control, const struct text_line *line, int is_first)
{
	enum control_unit unit;
	unsigned long long n;

	if (is_first && control->check == control_line_plugin && *line->s != '[')
		return "a plugin before the first section";

	if (!control->list && line->number > 1)
		return "only the first line counts";
	if (control->check != NULL)
		return control->check(line->s, line->len);
	unit = control_unit_of(control->name);
	if (!control_unit_scan(unit, line->s, line->len, -1ULL, &n))
		return control_unit_wrong(unit);
	if (n < control->least || n > control->most)
		return n == 0 ? "0 is too little" : "the number is too big";
	return NULL;
}

static unsigned
check_file(const struct control_file *control)
{
	static struct text_file file;
	struct text_line line = {0};
	unsigned wrong = 0, lines = 0;
	const char *what;

	if (text_file_read(&file, control->name) == -1)
		diesys(DEFER, "unable to read ", control->name);
	while (text_file_next(&file, &line)) {
		lines++;
		what = check_line(control, &line, lines == 1);
		if (what != NULL) {
			text_file_complain(control->name, line.number, what, NULL);
			wrong++;
		}
	}
	if (lines == 0 && !control->list && control->check == NULL &&
	    access(control->name, F_OK) == 0) {
		text_file_complain(control->name, 1, "no number", NULL);
		wrong++;
	}
	return wrong;
}

unsigned
control_check(void)
{
	unsigned wrong = 0;
	size_t i;

	for (i = 0; i < sizeof controls / sizeof *controls; i++)
		wrong += check_file(&controls[i]);
	return wrong;
}

/* Files that are read, and not checked here: their readers do. */
static const char *const others[] = {"domains"};

static int
is_known(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof controls / sizeof *controls; i++)
		if (strcmp(controls[i].name + sizeof "control", name) == 0)
			return 1;
	for (i = 0; i < sizeof others / sizeof *others; i++)
		if (strcmp(others[i], name) == 0)
			return 1;
	return 0;
}

static int
is_leftover(const char *name)
{
	size_t len = strlen(name);

	return *name == '.' || *name == '#' || name[len - 1] == '~' ||
	       (len > 4 && (strcmp(name + len - 4, ".tmp") == 0 ||
			       strcmp(name + len - 4, ".bak") == 0));
}

void
control_check_names(void)
{
	DIR *folder = opendir("control");
	const struct dirent *entry;

	if (folder == NULL)
		diesys(DEFER, "unable to read control");
	while ((entry = readdir(folder)) != NULL)
		if (!is_leftover(entry->d_name) && !is_known(entry->d_name))
			carp("control/", entry->d_name,
			    ": warning: no program reads a file of that name: "
			    "control(5)");
	closedir(folder);
}
