/* spp-adapt: run plugins of qmail-spp and rcptcheck programs as a policy. */

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/control.h"
#include "lib/home.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "policy/policy_serve.h"
#include "policy/spp_plugins.h"
#include "policy/spp_state.h"

#define USAGE "usage: spp-adapt [-r program] [-s seconds] [event=plugin...]"
#define DEFAULT_SECONDS 20
#define SECONDS_MAX 50
#define UNABLE_TO_RUN 120 /* the exit code that plugins must not use */

#define ANSWER_YES "K"
#define ANSWER_TROUBLE "Z451 4.3.0 unable to decide now, try again later"
#define ANSWER_NO_MAILBOX "D550 5.1.1 no mailbox here by that name"

static struct spp_plugins plugins;
static const char *rcptcheck;
static unsigned long long seconds = DEFAULT_SECONDS;

static struct spp_state state;
static int has_connected; /* those of [connection] have run */
static unsigned accepted, recipients;

static void
take_options(int argc, char **argv)
{
	int option;

	rcptcheck = getenv("RCPTCHECK");
	while ((option = getopt(argc, argv, "+r:s:")) != -1)
		if (option == 'r')
			rcptcheck = optarg;
		else if (option != 's' ||
			 !text_number(optarg, strlen(optarg), SECONDS_MAX, &seconds))
			die(DEFER, USAGE);
	if (!seconds)
		die(DEFER, USAGE);
	for (; optind < argc; optind++)
		if (spp_plugins_add(&plugins, argv[optind]) == -1)
			die(DEFER, USAGE);
}

static void
read_plugins(void)
{
	stralloc list = {0};

	if (control_list("smtpplugins", &list) == -1)
		diesys(DEFER, "unable to read control/smtpplugins");
	if (spp_plugins_read(&plugins, list.s, list.len) == -1)
		die(DEFER, "control/smtpplugins: a plugin before the first section");
	stralloc_free(&list);
}

static void
set(const char *name, const char *s, size_t len)
{
	stralloc value = {0};

	text_catb(&value, s, len);
	text_terminate(&value);
	if (setenv(name, value.s, 1) == -1)
		diesys(DEFER, "unable to set ", name);
	stralloc_free(&value);
}

static void
set_number(const char *name, unsigned n)
{
	char digits[DECIMAL_MAX];

	text_decimal(digits, n);
	set(name, digits, strlen(digits));
}

/* Did it do what it was there for? */
static int
has_failed(const char *plugin, int status)
{
	if (status == -1)
		carpsys("unable to run ", plugin);
	else if (WIFSIGNALED(status))
		spp_state_complain(plugin, "killed", NULL);
	else if (WEXITSTATUS(status) == UNABLE_TO_RUN || WEXITSTATUS(status) == DEFER)
		spp_state_complain(plugin, "failed", NULL);
	else
		return 0;
	return 1;
}

/* Returns 1 when no more plugins are to run. */
static int
run(const char *plugin, stralloc *answer)
{
	static stralloc output; /* a cache */
	char *line, *end;
	int done = 0;

	if (has_failed(plugin, spp_plugins_run(plugin, &output, (unsigned)seconds))) {
		text_cat(answer, ANSWER_TROUBLE, (char *)NULL);
		return 1;
	}
	if (output.len && output.s[output.len - 1] != '\n')
		text_cat(&output, "\n", (char *)NULL);
	text_terminate(&output);
	for (line = output.s; !done && line < output.s + output.len; line = end + 1) {
		end = memchr(line, '\n', (size_t)(output.s + output.len - line));
		*end = '\0';
		done = spp_state_obey(&state, plugin, line, answer);
	}
	return done;
}

static void
run_all(enum spp_event event, stralloc *answer)
{
	const stralloc *list = &plugins.list[event];
	const char *plugin;

	if (state.later[event].len)
		text_catb(answer, state.later[event].s, state.later[event].len);
	for (plugin = list->s; !answer->len && !state.rejection.len && !state.is_off &&
			       plugin < list->s + list->len;
	     plugin += strlen(plugin) + 1)
		if (run(plugin, answer))
			break;
	if (!answer->len)
		text_catb(answer, state.rejection.s, state.rejection.len);
}

static void
check_recipient(stralloc *answer)
{
	stralloc output = {0};
	int status;

	setenv("SENDER", getenv("SMTPMAILFROM") != NULL ? getenv("SMTPMAILFROM") : "", 1);
	setenv("RECIPIENT", getenv("SMTPRCPTTO"), 1);
	status = spp_plugins_run(rcptcheck, &output, (unsigned)seconds);
	if (status == -1)
		carpsys("unable to run ", rcptcheck);
	if (status == -1 || verdict_of(status) == DEFER)
		text_cat(answer, ANSWER_TROUBLE, (char *)NULL);
	else if (verdict_of(status) == REJECT)
		text_cat(answer, ANSWER_NO_MAILBOX, (char *)NULL);
	stralloc_free(&output);
}

static void
begin_mail(const struct policy_request *request)
{
	int null = request->address_len == 2 && memcmp(request->address, "<>", 2) == 0;

	set("SMTPMAILFROM", request->address, null ? 0 : request->address_len);
	unsetenv("SMTPRCPTTO");
	accepted = recipients = 0;
}

static void
begin_recipient(const struct policy_request *request)
{
	set("SMTPRCPTTO", request->address, request->address_len);
	set("SMTPRCPTHOSTSOK", "1", 1);
	set_number("SMTPRCPTCOUNT", accepted);
	set_number("SMTPRCPTCOUNTALL", ++recipients);
}

/* Yes, and the next field: each answer has room for one. */
static void
accept_request(stralloc *out)
{
	size_t len;

	text_cat(out, ANSWER_YES, (char *)NULL);
	if (!state.fields.len)
		return;
	text_cat(out, state.fields.s, (char *)NULL);
	len = strlen(state.fields.s) + 1;
	state.fields.len -= len;
	memmove(state.fields.s, state.fields.s + len, state.fields.len);
}

static void
run_event(const struct policy_request *request, stralloc *answer)
{
	if (policy_request_is(request, "helo")) {
		set("SMTPHELOHOST", request->address, request->address_len);
		if (!has_connected)
			run_all(SPP_CONNECTION, answer);
		if (!has_connected) /* a client refused here stays so */
			text_catb(&state.rejection, answer->s, answer->len);
		has_connected = 1;
		if (!answer->len)
			run_all(SPP_HELO, answer);
	} else if (policy_request_is(request, "mail")) {
		begin_mail(request);
		run_all(SPP_MAIL, answer);
	} else if (policy_request_is(request, "rcpt")) {
		begin_recipient(request);
		run_all(SPP_RCPT, answer);
		if (!answer->len && rcptcheck != NULL)
			check_recipient(answer);
		accepted += !answer->len;
	} else if (policy_request_is(request, "data")) {
		run_all(SPP_DATA, answer);
	}
}

static void
answer_request(const struct policy_request *request, stralloc *out)
{
	stralloc answer = {0};

	if (policy_request_is(request, "done")) {
		spp_state_reset(&state);
		text_cat(out, ANSWER_YES, (char *)NULL);
		return;
	}
	run_event(request, &answer);
	if (answer.len) {
		text_catb(out, answer.s, answer.len);
	} else {
		accept_request(out);
		if (state.fields.len && policy_request_is(request, "data"))
			spp_state_complain(state.fields.s, "too many fields", NULL);
	}
	stralloc_free(&answer);
}

int
main(int argc, char **argv)
{
	const char *user = getenv("AUTHUSER");

	errmsg_iam("spp-adapt");
	take_options(argc, argv);
	home_enter();
	read_plugins();
	if (user != NULL)
		set("SMTPAUTHUSER", user, strlen(user));
	policy_serve(answer_request);
	return ACCEPT;
}
