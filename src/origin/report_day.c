#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "dmarc/look_up.h"
#include "lib/deadline.h"
#include "lib/dns_client.h"
#include "lib/done_list.h"
#include "lib/log.h"
#include "lib/queueid.h"
#include "lib/sink.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "origin/aggregate.h"
#include "origin/report_address.h"
#include "origin/report_day.h"
#include "origin/report_mail.h"
#include "origin/report_xml.h"

#define DAY 86400
#define SETTLED 600    /* seconds after which nobody adds to a day that is over */
#define DNS_SECONDS 15 /* for the questions about one domain */
#define SINK_SECONDS 300
#define REPORT_ID 33 /* 32 hexadecimal digits, and \0 */

/* What has come of one report. */
enum fate { SENT, NOT_WANTED, LATER };

/* A day under way. */
struct day {
	const struct report_settings *settings;
	const char *name;
	time_t begin;
	int is_last; /* what can't be sent now never is */
	struct aggregate lines;
	struct done_list done; /* domains whose reports were sent */
	stralloc done_path;
};

int
report_day_is_over(const char *name, time_t now, time_t *begin)
{
	unsigned long long year, month, day;
	struct tm tm = {0};
	char again[TALLY_DAY_MAX];

	if (strlen(name) != TALLY_DAY_MAX - 1 || !text_number(name, 4, 9999, &year) ||
	    !text_number(name + 5, 2, 12, &month) || !text_number(name + 8, 2, 31, &day))
		return 0;
	tm.tm_year = (int)year - 1900;
	tm.tm_mon = (int)month - 1;
	tm.tm_mday = (int)day;
	*begin = timegm(&tm);
	return strcmp(tally_day(again, *begin), name) == 0 &&
	       *begin + DAY + SETTLED <= now;
}

/* To whom the report goes, in addresses.  Returns NOT_WANTED or LATER when to nobody. */
static enum fate
find_addresses(struct report_addresses *addresses, const char *domain,
    const struct dmarc_record *record)
{
	static struct answers answers;
	struct dns_client dns = DNS_CLIENT_NONE;
	int64_t until = deadline_now() + DNS_SECONDS * 1000;
	int r;

	report_address_want(&answers, domain, record->rua, record->rua_len);
	look_up_ask(&dns, &answers, until);
	look_up_wait(&dns, &answers, until);
	dns_client_close(&dns);
	r = report_address_find(
	    addresses, &answers, domain, record->rua, record->rua_len);
	answers_clear(&answers);
	if (addresses->n > 0)
		return SENT;
	return r == -1 ? LATER : NOT_WANTED;
}

static void
put_envelope(
    stralloc *envelope, const char *sender, const struct report_addresses *addresses)
{
	size_t i;

	envelope->len = 0;
	text_cat(envelope, "F", sender, (char *)NULL);
	text_catb(envelope, "", 1);
	for (i = 0; i < addresses->n; i++) {
		text_catb(envelope, "NNOTIFY=NEVER\0T", sizeof "NNOTIFY=NEVER\0T" - 1);
		text_catb(envelope, addresses->list[i].address.s,
		    addresses->list[i].address.len);
	}
	text_catb(envelope, "", 1);
}

/* Give the message to the sink.  That an address takes no reports is nobody's trouble. */
static enum fate
hand_over(const struct day *day, const char *domain, const stralloc *message,
    const struct report_addresses *addresses)
{
	static stralloc envelope, report;
	char id[QUEUEID_LEN + 1];
	struct sink sink;
	int verdict;

	put_envelope(&envelope, day->settings->address, addresses);
	if (queueid_make(id) == -1 || setenv("QUEUEID", id, 1) == -1 ||
	    sink_start(&sink, day->settings->sink) == -1) {
		carpsys("unable to start ", *day->settings->sink);
		return LATER;
	}
	if (sink_write(&sink, message->s, message->len, SINK_SECONDS) == -1 &&
	    errno != EPIPE) {
		carpsys("unable to write to the sink");
		sink_abort(&sink);
		return LATER;
	}
	sink_last(&sink, NULL, 0);
	verdict = sink_finish(&sink, envelope.s, envelope.len, &report, SINK_SECONDS);
	text_terminate(&report);
	log_event(id, verdict == ACCEPT ? "report" : "failed", "domain", domain, "day",
	    day->name, "to", addresses->list[0].address.s, "text",
	    verdict == ACCEPT ? NULL : report.s, (char *)NULL);
	return verdict == ACCEPT ? SENT : verdict == REJECT ? NOT_WANTED : LATER;
}

/*
 * What tells the report from all others on domain, whoever sends them, and is the same
 * when it is made again: letters and digits, for it is in the file name.
 */
static void
make_id(char id[REPORT_ID], const struct day *day, const char *domain)
{
	uint64_t hash = 0;
	size_t i;

	for (i = 0; i < REPORT_ID - 1; i++) {
		if (i % 16 == 0)
			hash = queueid_hash(day->settings->submitter,
			    queueid_hash(domain, queueid_hash(day->name, i)));
		id[i] = "0123456789abcdef"[hash >> (60 - 4 * (i % 16)) & 15];
	}
	id[i] = '\0';
}

/* Write the report on the lines from begin to end, and send it. */
static enum fate
send_report(
    const struct day *day, size_t begin, size_t end, struct report_addresses *addresses)
{
	const char *domain = day->lines.lines[begin].fields[TALLY_DOMAIN];
	stralloc xml = {0}, packed = {0}, message = {0};
	char id[REPORT_ID], number[DECIMAL_MAX];
	struct report report = {.organisation = day->settings->organisation,
	    .address = day->settings->address,
	    .submitter = day->settings->submitter,
	    .id = id,
	    .begin = day->begin,
	    .end = day->begin + DAY - 1};
	enum fate fate = LATER;
	size_t beyond;

	make_id(id, day, domain);
	beyond = report_xml_put(&xml, &report, &day->lines, begin, end);
	if (beyond > 0)
		log_event(NULL, "cut", "domain", domain, "day", day->name, "rows",
		    text_decimal(number, beyond), (char *)NULL);
	if (report_mail_pack(&packed, &xml) == 0) {
		report_address_fit(addresses, packed.len);
		fate = NOT_WANTED;
		if (addresses->n > 0) {
			report_mail_put(&message, &report, domain, addresses, &packed);
			fate = hand_over(day, domain, &message, addresses);
		} else {
			log_event(NULL, "toolarge", "domain", domain, "day", day->name,
			    "bytes", text_decimal(number, packed.len), (char *)NULL);
		}
	}
	stralloc_free(&xml);
	stralloc_free(&packed);
	stralloc_free(&message);
	return fate;
}

/* The lines from begin to end are about one domain. */
static enum fate
report_on(const struct day *day, size_t begin, size_t end)
{
	const struct aggregate_line *latest = aggregate_latest(&day->lines, begin, end);
	const char *text = latest->fields[TALLY_RECORD];
	struct report_addresses addresses = {0};
	struct dmarc_record record;
	enum fate fate;

	if (!dmarc_record_parse(&record, text, strlen(text)) || record.rua == NULL)
		return NOT_WANTED;
	fate = find_addresses(&addresses, latest->fields[TALLY_DOMAIN], &record);
	if (fate == SENT)
		fate = send_report(day, begin, end, &addresses);
	report_address_free(&addresses);
	return fate;
}

static int
send_all(struct day *day, const char *path)
{
	size_t begin, end;
	const char *domain;
	int waiting = 0;

	for (begin = 0; begin < day->lines.n; begin = end) {
		end = aggregate_domain_end(&day->lines, begin);
		domain = day->lines.lines[begin].fields[TALLY_DOMAIN];
		if (done_list_has(&day->done, domain))
			continue;
		if (report_on(day, begin, end) == LATER && !day->is_last)
			waiting++;
		else if (done_list_add(&day->done, domain) == -1)
			carpsys("unable to write ", day->done_path.s);
	}
	if (waiting == 0 && (unlink(path) == -1 || unlink(day->done_path.s) == -1))
		carpsys("unable to remove ", path);
	return waiting;
}

int
report_day_send(
    const struct report_settings *settings, const char *name, time_t begin, time_t now)
{
	struct day day = {.settings = settings,
	    .name = name,
	    .begin = begin,
	    .is_last = now > begin + (REPORT_DAYS_MAX + 1) * DAY,
	    .done = DONE_LIST_CLOSED};
	stralloc path = {0};
	int r;

	text_cat(&path, TALLY_FOLDER "/", name, (char *)NULL);
	text_terminate(&path);
	text_cat(&day.done_path, path.s, ".sent", (char *)NULL);
	text_terminate(&day.done_path);
	r = aggregate_read(&day.lines, path.s) == -1 ||
		    done_list_open(&day.done, day.done_path.s) == -1
		? -1
		: send_all(&day, path.s);
	done_list_close(&day.done);
	aggregate_free(&day.lines);
	stralloc_free(&day.done_path);
	stralloc_free(&path);
	return r;
}
