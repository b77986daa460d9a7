/* mx-route: show where mail for an address goes, and why. */

#include <errno.h>
#include <grp.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/address.h"
#include "lib/durable.h"
#include "lib/home.h"
#include "lib/text.h"
#include "lib/users.h"
#include "lib/verdict.h"
#include "way/route_json.h"
#include "way/route_text.h"
#include "way/service_setting.h"
#include "way/target.h"

#define USAGE "usage: mx-route [-j] [-f sender] [-t seconds] address..."
#define ID_MAX 0xfffffffe
#define SECONDS_MAX 3600

static struct way_settings settings;
static struct users users = {.fd = -1};
static struct destination destination;
static stralloc out;
static int as_json;
static const char *sender = "";
static unsigned seconds = 10; /* for a question to the DNS */

/*
 * Root reads nothing of the network: it becomes the user of the service that sends, where
 * there is one, who also may see what passwords there are.
 */
static void
become_sender(void)
{
	gid_t gid =
	    (gid_t)service_setting_number("service/send/env/SERVICE_GID", ID_MAX, 0);
	uid_t uid =
	    (uid_t)service_setting_number("service/send/env/SERVICE_UID", ID_MAX, 0);

	if (geteuid() != 0 || uid == 0 || gid == 0)
		return;
	if (setgroups(0, NULL) == -1 || setgid(gid) == -1 || setuid(uid) == -1)
		diesys(DEFER, "unable to become the user of service/send");
}

/* Is the domain ours?  1, 0, or -1 with fault.  Without the list none is. */
static int
is_local(const char *domain, struct outcome *fault)
{
	int r = users.fd == -1 ? 0 : users_domain(&users, domain, strlen(domain));

	if (r == -1)
		outcome_set(
		    fault, 'Z', "4.3.5", "unable to read " USERS_CDB, (char *)NULL);
	return r;
}

/* Tell of all hosts on the way: is there one to which mail may go? */
static int
tell_hosts(struct outcome *fault)
{
	struct destination *d = &destination;
	const struct target *target;
	int n = 0, good = 0;

	while ((target = target_next(d, fault)) != NULL) {
		if (as_json)
			route_json_host(&out, d, target, n++ == 0);
		else
			route_text_host(&out, d, target);
		good |= !d->refusal.letter;
	}
	return good;
}

static int
verdict_on(const struct outcome *fault)
{
	return fault->letter ? verdict_from_letter(fault->letter) : DEFER;
}

/* The way of the address, by its domain. */
static int
tell_way(const char *address, const char *domain, struct outcome *fault)
{
	struct target_request request = {
	    .domain = domain, .sender = sender, .wants_all = 1};
	int good;

	if (target_begin(&destination, &settings, &request, fault) == -1) {
		if (as_json)
			route_json_begin(&out, address, 0, NULL);
		else
			route_text_fault(&out, address, fault);
		return verdict_on(fault);
	}
	destination.resolver.seconds = seconds;
	if (as_json)
		route_json_begin(&out, address, 0, &destination);
	else
		route_text_begin(&out, address, &destination);
	good = tell_hosts(fault);
	target_end(&destination);
	if (!as_json)
		route_text_fault(&out, NULL, fault);
	return good ? ACCEPT : verdict_on(fault);
}

static int
tell(const char *address)
{
	size_t at = address_domain(address, strlen(address));
	struct outcome fault = {0};
	int verdict = ACCEPT, local = is_local(address + at, &fault);

	if (local == 0) {
		verdict = tell_way(address, address + at, &fault);
	} else {
		if (as_json)
			route_json_begin(&out, address, local == 1, NULL);
		else if (local == 1)
			route_text_local(&out, address);
		else
			route_text_fault(&out, address, &fault);
		verdict = local == 1 ? ACCEPT : DEFER;
	}
	if (as_json)
		route_json_end(&out, &fault);
	outcome_free(&fault);
	if (durable_write(1, out.s, out.len) == -1)
		diesys(DEFER, "unable to write the route");
	out.len = 0;
	return verdict;
}

static void
take_arguments(int argc, char **argv)
{
	unsigned long long n;
	int c;

	while ((c = getopt(argc, argv, "+jf:t:")) != -1)
		switch (c) {
		case 'j':
			as_json = 1;
			break;
		case 'f':
			sender = optarg;
			break;
		case 't':
			if (!text_number(optarg, strlen(optarg), SECONDS_MAX, &n) ||
			    n == 0)
				die(DEFER, USAGE);
			seconds = (unsigned)n;
			break;
		default:
			die(DEFER, USAGE);
		}
	if (optind == argc)
		die(DEFER, USAGE);
}

int
main(int argc, char **argv)
{
	const char *wrong;
	int verdict = ACCEPT, r;

	errmsg_iam("mx-route");
	take_arguments(argc, argv);
	home_enter();
	/* who may not read it is told as if no domain were ours */
	if (users_open(&users) == -1 && errno != ENOENT && errno != EACCES)
		diesys(DEFER, "unable to open " USERS_CDB);
	become_sender();
	wrong = way_settings_read(&settings);
	if (wrong != NULL)
		die(DEFER, wrong);
	for (argv += optind; *argv != NULL; argv++) {
		r = tell(*argv);
		/* what is worth a second look counts most */
		if (r != ACCEPT && verdict != DEFER)
			verdict = r;
	}
	return verdict;
}
