#include <dirent.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "control/control_check.h"
#include "control/control_form.h"
#include "control/control_line.h"
#include "control/control_value.h"
#include "control/text_file.h"
#include "lib/control_unit.h"
#include "lib/verdict.h"

#define BYTES_MAX 9223372036854775807ULL
#define PORT_MAX 65535
#define CONCURRENCY_MAX 500
#define JOURNAL_MIN 1572864    /* three segments of the smallest size */
#define JOURNAL_MAX 1677721600 /* 100 of the largest */
#define DAY 86400
#define YEAR 31536000

static const struct control_file {
	const char *name;
	int list; /* many lines, and comments */
	const char *(*check)(const char *s, size_t len);
	unsigned long long least, most; /* of a number, when there is no check */
} controls[] = {
    {"control/me", 0, control_value_host, 0, 0},
    {"control/defaultdomain", 0, control_value_host, 0, 0},
    {"control/helohost", 1, control_form_helo, 0, 0},
    {"control/doublebounceto", 0, control_value_address, 0, 0},
    {"control/mailuser", 0, control_value_owner, 0, 0},
    {"control/relayclients", 1, control_value_network, 0, 0},
    {"control/relaydomains", 1, control_value_domain_below, 0, 0},
    {"control/channelbinding", 0, NULL, 0, 1},
    {"control/upgradehashes", 0, NULL, 0, 1},
    {"control/trustad", 0, NULL, 0, 1},
    {"control/stsport", 0, NULL, 1, PORT_MAX},
    {"control/tlsmin", 0, control_value_tls_version, 0, 0},
    {"control/tlsciphers", 0, control_value_tls_ciphers, 0, 0},
    {"control/tlspolicy", 1, control_form_tls_policy, 0, 0},
    {"control/cafile", 0, control_value_authorities, 0, 0},
    {"control/clearclients", 1, control_value_network, 0, 0},
    {"control/localips", 1, control_value_network, 0, 0},
    {"control/proxyclients", 1, control_value_network, 0, 0},
    {"control/badhelo", 1, control_value_domain_below, 0, 0},
    {"control/ratelimits", 1, control_form_limit, 0, 0},
    {"control/smtpplugins", 1, control_line_plugin, 0, 0},
    {"control/dnsbl", 1, control_form_dnsbl, 0, 0},
    {"control/dnsblscore", 0, NULL, 1, 1000},
    {"control/greyallow", 1, control_value_network, 0, 0},
    {"control/greyexempt", 1, control_line_grey, 0, 0},
    {"control/greydelay", 0, NULL, 0, YEAR},
    {"control/greywindow", 0, NULL, 1, YEAR},
    {"control/greylife", 0, NULL, 1, YEAR},
    {"control/spf", 0, control_value_spf, 0, 0},
    {"control/srs", 0, control_value_srs, 0, 0},
    {"control/srssecrets", 1, control_value_secret, 0, 0},
    {"control/authservid", 0, control_value_host, 0, 0},
    {"control/dkimretire", 0, NULL, 0, 3650},
    {"control/dmarc", 0, control_value_dmarc, 0, 0},
    {"control/dmarcexempt", 1, control_value_exempt, 0, 0},
    {"control/dmarcreport", 0, control_form_organisation, 0, 0},
    {"control/tlsreport", 0, control_form_organisation, 0, 0},
    {"control/senders", 1, control_line_sender, 0, 0},
    {"control/checkfrom", 0, NULL, 0, 1},
    {"control/hideclient", 0, NULL, 0, 1},
    {"control/smtproutes", 1, control_form_route, 0, 0},
    {"control/senderroutes", 1, control_form_sender_route, 0, 0},
    {"control/bindaddresses", 1, control_form_bind, 0, 0},
    {"control/ipfamilies", 0, control_value_families, 0, 0},
    {"control/neverto", 1, control_value_network, 0, 0},
    {"control/rates", 1, control_form_rate, 0, 0},
    {"control/resolvers", 1, control_line_resolver, 0, 0},
    {"control/qmqpservers", 1, control_line_resolver, 0, 0},
    {"control/paused", 1, control_line_paused, 0, 0},
    {"control/hold", 1, control_form_hold, 0, 0},
    {"control/retry", 1, NULL, 1, YEAR},
    {"control/queuelifetime", 0, NULL, 0, YEAR},
    {"control/delaywarning", 0, NULL, 0, YEAR},
    {"control/bouncemaxbytes", 0, NULL, 0, BYTES_MAX},
    {"control/bouncehost", 0, control_value_host, 0, 0},
    {"control/bouncefrom", 0, control_value_local, 0, 0},
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
    {"control/smtppasswords", 1, control_form_password, 0, 0},
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
