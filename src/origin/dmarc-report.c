/* dmarc-report: send reports of DMARC's results, and read those of others.
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "lib/control.h"
#include "lib/durable.h"
#include "lib/heap.h"
#include "lib/home.h"
#include "lib/reporter.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "origin/report_day.h"
#include "origin/report_table.h"
#include "origin/tally.h"
#include "origin/unpack.h"

#define HOUR 3600
#define FILE_MAX UNPACK_MAX

static const char usage[] = "usage: dmarc-report send [-w] sink [argument...]\n"
			    "       dmarc-report read file...";

/* Who reports; 0 when nobody is to. */
static int
read_settings(struct report_settings *settings)
{
	static stralloc line, me, organisation, address;
	struct reporter reporter;

	control_need_line("dmarcreport", &line, NULL);
	if (line.len == 0)
		return 0;
	if (!reporter_scan(&reporter, line.s, line.len))
		die(DEFER, "unable to understand control/dmarcreport: not of the form "
			   "ORGANISATION or ORGANISATION <ADDRESS>");
	control_need_me(&me);
	text_terminate(&me);
	text_setb(&organisation, reporter.name, reporter.name_len);
	address.len = 0;
	if (reporter.address != NULL)
		text_catb(&address, reporter.address, reporter.address_len);
	else
		text_cat(&address, "postmaster@", me.s, (char *)NULL);
	text_terminate(&address);
	settings->organisation = organisation.s;
	settings->address = address.s;
	settings->submitter = me.s;
	return 1;
}

/* Send what can be sent of all days.  Returns how many reports, or days, were not. */
static unsigned
send_days(const struct report_settings *settings)
{
	time_t now = time(NULL), begin;
	const struct dirent *entry;
	DIR *folder = opendir(TALLY_FOLDER);
	unsigned waiting = 0;
	int r;

	if (folder == NULL) {
		if (errno == ENOENT)
			return 0;
		diesys(DEFER, "unable to read ", TALLY_FOLDER);
	}
	while ((entry = readdir(folder)) != NULL) {
		if (!report_day_is_over(entry->d_name, now, &begin))
			continue;
		r = report_day_send(settings, entry->d_name, begin, now);
		if (r == -1)
			carpsys("unable to report on ", entry->d_name);
		waiting += r == -1 ? 1 : (unsigned)r;
	}
	closedir(folder);
	return waiting;
}

static int
send_reports(char **argv)
{
	struct report_settings settings = {0};
	int is_staying = *argv != NULL && strcmp(*argv, "-w") == 0;
	unsigned waiting = 0;

	argv += is_staying;
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
	do {
		waiting = 0;
		if (read_settings(&settings))
			waiting = send_days(&settings);
	} while (is_staying && sleep(HOUR) == 0);
	return waiting > 0 ? DEFER : ACCEPT;
}

/* Read the whole of a file.  Returns 0, or -1 with errno. */
static int
read_file(stralloc *file, const char *name)
{
	static char block[65536];
	int fd = strcmp(name, "-") == 0 ? 0 : open(name, O_RDONLY | O_CLOEXEC);
	ssize_t r = -1;

	file->len = 0;
	while (
	    fd != -1 && (r = read(fd, block, sizeof block)) > 0 && file->len <= FILE_MAX)
		text_catb(file, block, (size_t)r);
	if (fd > 0)
		close(fd);
	if (r > 0)
		errno = EFBIG;
	return r == 0 ? 0 : -1;
}

static int
read_reports(char **names)
{
	static stralloc file, xml, table;
	const char *wrong;
	int code = ACCEPT, n = 0;

	if (*names == NULL)
		die(DEFER, usage);
	for (; *names != NULL; names++) {
		xml.len = table.len = 0;
		if (read_file(&file, *names) == -1) {
			carpsys("unable to read ", *names);
			code = DEFER;
			continue;
		}
		wrong = unpack_xml(&xml, file.s, file.len);
		if (n++ > 0)
			text_cat(&table, "\n", (char *)NULL);
		if (wrong == NULL)
			wrong = report_table_put(&table, xml.s, xml.len);
		if (wrong != NULL) {
			carp("unable to understand ", *names, ": ", wrong);
			code = code == ACCEPT ? REJECT : code;
		} else if (durable_write(1, table.s, table.len) == -1) {
			diesys(DEFER, "unable to write the table");
		}
	}
	return code;
}

int
main(int argc, char **argv)
{
	errmsg_iam("dmarc-report");
	if (argc < 3)
		die(DEFER, usage);
	if (strcmp(argv[1], "send") == 0)
		return send_reports(argv + 2);
	if (strcmp(argv[1], "read") == 0)
		return read_reports(argv + 2);
	die(DEFER, usage);
}
