#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/durable.h"
#include "lib/log.h"
#include "lib/queueid.h"
#include "lib/sink.h"
#include "lib/spawn_child.h"
#include "lib/spool.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "sts/tls_give.h"
#include "sts/tls_mail.h"

#define SINK_SECONDS 300
#define TYPE "application/tlsrpt+gzip" /* RFC 8460, 5.4 */

static void
make_envelope(stralloc *envelope, const char *sender, const stralloc *places)
{
	const char *address;
	size_t at;

	text_cat(envelope, "F", sender, (char *)NULL);
	text_catb(envelope, "", 1);
	for (at = 0; at < places->len; at += strlen(places->s + at) + 1) {
		address = tls_mail_address(places->s + at);
		if (address == NULL)
			continue;
		text_cat(envelope, "T", address, (char *)NULL);
		text_catb(envelope, "", 1);
	}
	text_catb(envelope, "", 1);
}

static void
log_fate(const char *id, int verdict, const char *domain, const char *to, const char *why)
{
	log_event(id, verdict == ACCEPT ? "report" : "failed", "domain", domain, "to", to,
	    "text", verdict == ACCEPT ? NULL : why, (char *)NULL);
}

int
tls_give_mail(const char *const *argv, const char *sender, const stralloc *places,
    const stralloc *message, const char *domain)
{
	stralloc envelope = {0}, report = {0};
	char id[QUEUEID_LEN + 1];
	struct sink sink;
	int verdict = DEFER;

	make_envelope(&envelope, sender, places);
	if (queueid_make(id) == -1 || setenv("QUEUEID", id, 1) == -1 ||
	    sink_start(&sink, argv) == -1) {
		carpsys("unable to start ", *argv);
	} else if (sink_write(&sink, message->s, message->len, SINK_SECONDS) == -1 &&
		   errno != EPIPE) {
		carpsys("unable to write to the sink");
		sink_abort(&sink);
	} else {
		sink_last(&sink, NULL, 0);
		verdict =
		    sink_finish(&sink, envelope.s, envelope.len, &report, SINK_SECONDS);
		text_terminate(&report);
		log_fate(id, verdict, domain, "mail", report.s);
	}
	stralloc_free(&envelope);
	stralloc_free(&report);
	return verdict;
}

int
tls_give_web(const char *url, const stralloc *packed, const char *domain)
{
	const char *const argv[] = {"https-post", "-t", TYPE, url, NULL};
	int fd = spool_unnamed(), status, verdict = DEFER;
	struct spawn_fd map = {fd, 0};
	pid_t pid;

	if (fd == -1 || durable_write(fd, packed->s, packed->len) == -1 ||
	    lseek(fd, 0, SEEK_SET) == -1) {
		carpsys("unable to write a report to be sent");
	} else {
		pid = spawn_child(argv, &map, 1);
		status = pid == -1 ? -1 : spawn_child_wait(pid);
		if (status == -1)
			carpsys("unable to run ", *argv);
		else
			verdict = verdict_of(status);
		log_fate(NULL, verdict, domain, url, "https-post has told why");
	}
	if (fd != -1)
		close(fd);
	return verdict;
}
