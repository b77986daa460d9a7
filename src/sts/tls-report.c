/* tls-report: report to domains what came of TLS at their servers. */

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "lib/control.h"
#include "lib/durable.h"
#include "lib/home.h"
#include "lib/reporter.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "sts/tls_day.h"

#define HOUR 3600
#define DAY 86400
#define SETTLED 600 /* seconds after which nobody adds to a day that is over */

static const char usage[] = "usage: tls-report show [day]\n"
			    "       tls-report send [-w] [day] sink [argument...]";

/* Who reports; 0 when nobody is to. */
static int
read_settings(struct tls_day_settings *settings)
{
	static stralloc line, me, organisation, address;
	struct reporter reporter;

	control_need_me(&me);
	text_terminate(&me);
	settings->submitter = me.s;
	settings->organisation = me.s;
	address.len = 0;
	text_cat(&address, "postmaster@", me.s, (char *)NULL);
	control_need_line("tlsreport", &line, NULL);
	if (line.len > 0) {
		if (!reporter_scan(&reporter, line.s, line.len))
			die(DEFER, "unable to understand control/tlsreport: not of the "
				   "form ORGANISATION or ORGANISATION <ADDRESS>");
		text_setb(&organisation, reporter.name, reporter.name_len);
		settings->organisation = organisation.s;
		if (reporter.address != NULL)
			text_setb(&address, reporter.address, reporter.address_len);
	}
	text_terminate(&address);
	settings->address = address.s;
	return line.len > 0;
}

/* The day that a word means: 1; 0 when it is none. */
static int
find_day(const char *word, char name[TLS_NOTED_DAY_MAX], time_t *begin)
{
	time_t now = time(NULL);

	if (strcmp(word, "today") == 0)
		tls_noted_day(name, now);
	else if (strcmp(word, "yesterday") == 0)
		tls_noted_day(name, now - DAY);
	else if (tls_noted_is_day(word, begin))
		strcpy(name, word);
	else
		return 0;
	return tls_noted_is_day(name, begin);
}

static unsigned
send_day(const struct tls_day_settings *settings, const char *name, time_t begin)
{
	int r = tls_day_send(settings, name, begin, begin + DAY + SETTLED > time(NULL));

	if (r == -1)
		carpsys("unable to report on ", name);
	return r == -1 ? 1 : (unsigned)r;
}

/* All days that are over, and of which something is there. */
static unsigned
send_days(const struct tls_day_settings *settings)
{
	DIR *folder = opendir(TLS_NOTED_FOLDER);
	const struct dirent *entry;
	unsigned waiting = 0;
	time_t begin;

	if (folder == NULL) {
		if (errno == ENOENT)
			return 0;
		carpsys("unable to read ", TLS_NOTED_FOLDER);
		return 1;
	}
	while ((entry = readdir(folder)) != NULL)
		if (tls_noted_is_day(entry->d_name, &begin) &&
		    begin + DAY + SETTLED <= time(NULL))
			waiting += send_day(settings, entry->d_name, begin);
	closedir(folder);
	return waiting;
}

/* What was sent on days of which nothing is noted any more. */
static void
forget_days(void)
{
	char path[sizeof(TLS_DAY_FOLDER) + TLS_NOTED_DAY_MAX];
	DIR *folder = opendir(TLS_DAY_FOLDER);
	const struct dirent *entry;
	time_t begin;

	while (folder != NULL && (entry = readdir(folder)) != NULL)
		if (tls_noted_is_day(entry->d_name, &begin) &&
		    begin < time(NULL) - 4 * TLS_NOTED_DAYS * DAY) {
			strcpy(stpcpy(path, TLS_DAY_FOLDER "/"), entry->d_name);
			unlink(path);
		}
	if (folder != NULL)
		closedir(folder);
}

static int
send_reports(char **argv)
{
	struct tls_day_settings settings = {0};
	int is_staying = *argv != NULL && strcmp(*argv, "-w") == 0, is_named;
	char name[TLS_NOTED_DAY_MAX];
	unsigned waiting;
	time_t begin;

	argv += is_staying;
	is_named = !is_staying && *argv != NULL && find_day(*argv, name, &begin);
	argv += is_named;
	if (*argv == NULL)
		die(DEFER, usage);
	settings.sink = (const char *const *)argv;
	home_enter();
	signal(SIGPIPE, SIG_IGN);
	/* what we send is signed as what our own clients send is */
	if (setenv("RELAYCLIENT", "", 1) == -1)
		diesys(DEFER, "unable to set RELAYCLIENT");
	if (is_staying && durable_write(1, "\n", 1) == -1)
		diesys(DEFER, "unable to say that we are ready");
	if (!is_named)
		find_day("yesterday", name, &begin);
	do {
		waiting = 0;
		if (!read_settings(&settings))
			continue;
		waiting =
		    is_staying ? send_days(&settings) : send_day(&settings, name, begin);
		forget_days();
	} while (is_staying && sleep(HOUR) == 0);
	return waiting > 0 ? DEFER : ACCEPT;
}

static int
show_reports(char **argv)
{
	struct tls_day_settings settings = {0};
	char name[TLS_NOTED_DAY_MAX];
	time_t begin;

	if (!find_day(argv[0] != NULL ? argv[0] : "yesterday", name, &begin) ||
	    (argv[0] != NULL && argv[1] != NULL))
		die(DEFER, usage);
	home_enter();
	read_settings(&settings);
	if (tls_day_show(&settings, name, begin) == -1)
		diesys(DEFER, "unable to show what was noted on ", name);
	return ACCEPT;
}

int
main(int argc, char **argv)
{
	errmsg_iam("tls-report");
	if (argc >= 2 && strcmp(argv[1], "send") == 0)
		return send_reports(argv + 2);
	if (argc >= 2 && strcmp(argv[1], "show") == 0)
		return show_reports(argv + 2);
	die(DEFER, usage);
}
