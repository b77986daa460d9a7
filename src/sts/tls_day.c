#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/dns_client.h"
#include "lib/done_list.h"
#include "lib/durable.h"
#include "lib/gzip.h"
#include "lib/log.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "sts/tls_day.h"
#include "sts/tls_give.h"
#include "sts/tls_mail.h"
#include "sts/tls_rua.h"

#define DNS_MILLISECONDS 10000

/* What has come of one report. */
enum fate { SENT, NOT_WANTED, LATER };

/* A day under way. */
struct day {
	const struct tls_day_settings *settings;
	const char *name;
	time_t begin;
	struct tls_lines lines;
	struct done_list done; /* domains; closed: not remembered */
};

/* Where the domain wants its reports: RFC 8460, 3. */
static enum fate
find_places(stralloc *places, const char *domain)
{
	struct dns_client dns = DNS_CLIENT_NONE;
	struct dns_answer answer;
	stralloc name = {0};
	enum fate fate = NOT_WANTED;
	const char *s;
	int records = 0, r;
	size_t len;

	text_cat(&name, "_smtp._tls.", domain, (char *)NULL);
	text_terminate(&name);
	dns_client_look_up(&dns, "TXT", name.s, DNS_MILLISECONDS, &answer);
	if (answer.status == DNS_ANSWER_FAILED)
		fate = LATER;
	while (answer.status == DNS_ANSWER_FOUND && dns_answer_next(&answer, &s, &len)) {
		r = tls_rua_parse(places, s, len);
		records += r != 0;
	}
	/* more than one is none */
	if (records == 1 && places->len > 0)
		fate = SENT;
	dns_client_close(&dns);
	stralloc_free(&name);
	return fate;
}

static void
fill(struct tls_json *report, stralloc *id, const struct day *day, const char *domain)
{
	uint64_t hash = queueid_hash(domain, queueid_hash(day->name, 0));
	char unique[17];

	for (int i = 0; i < 16; i++)
		unique[i] = "0123456789abcdef"[hash >> (60 - 4 * i) & 15];
	unique[16] = '\0';
	text_cat(id, "tls.", day->name, ".", unique, "@", day->settings->submitter,
	    (char *)NULL);
	text_terminate(id);
	report->organisation = day->settings->organisation;
	report->address = day->settings->address;
	report->submitter = day->settings->submitter;
	report->id = id->s;
	report->begin = day->begin;
}

/* One place that has it is enough. */
static enum fate
give(const struct day *day, const struct tls_json *report, const char *domain,
    const stralloc *places, const stralloc *packed)
{
	stralloc message = {0};
	int verdict = REJECT, v;
	size_t at;

	if (tls_mail_put(&message, report, domain, places, packed) > 0)
		verdict = tls_give_mail(day->settings->sink, day->settings->address,
		    places, &message, domain);
	for (at = 0; at < places->len; at += strlen(places->s + at) + 1) {
		if (tls_mail_address(places->s + at) != NULL)
			continue;
		v = tls_give_web(places->s + at, packed, domain);
		if (v == ACCEPT || verdict == REJECT)
			verdict = v;
	}
	stralloc_free(&message);
	return verdict == ACCEPT ? SENT : verdict == REJECT ? NOT_WANTED : LATER;
}

/* The lines from begin to end are about one domain. */
static enum fate
report_on(const struct day *day, size_t begin, size_t end)
{
	const char *domain = day->lines.list[begin].fields[TLS_NOTED_DOMAIN];
	stralloc places = {0}, json = {0}, packed = {0}, id = {0};
	enum fate fate = find_places(&places, domain);
	struct tls_json report;

	if (fate == SENT) {
		fill(&report, &id, day, domain);
		tls_json_put(&json, &report, &day->lines, begin, end);
		fate = gzip_pack(&packed, json.s, json.len) == 0
			   ? give(day, &report, domain, &places, &packed)
			   : LATER;
	}
	stralloc_free(&places);
	stralloc_free(&json);
	stralloc_free(&packed);
	stralloc_free(&id);
	return fate;
}

static int
send_all(struct day *day)
{
	size_t begin, end;
	const char *domain;
	int waiting = 0;

	for (begin = 0; begin < day->lines.n; begin = end) {
		end = tls_lines_end(&day->lines, begin, TLS_NOTED_DOMAIN);
		domain = day->lines.list[begin].fields[TLS_NOTED_DOMAIN];
		if (done_list_has(&day->done, domain))
			continue;
		if (report_on(day, begin, end) == LATER)
			waiting++;
		else if (day->done.fd != -1 && done_list_add(&day->done, domain) == -1)
			carpsys("unable to write in ", TLS_DAY_FOLDER);
	}
	return waiting;
}

int
tls_day_send(const struct tls_day_settings *settings, const char *name, time_t begin,
    int is_partial)
{
	struct day day = {
	    .settings = settings, .name = name, .begin = begin, .done = DONE_LIST_CLOSED};
	char path[sizeof(TLS_DAY_FOLDER) + TLS_NOTED_DAY_MAX];
	int r = tls_lines_read(&day.lines, name);

	if (r == -1 && errno == ENOENT)
		return 0;
	strcpy(stpcpy(path, TLS_DAY_FOLDER "/"), name);
	if (r == 0 && !is_partial)
		r = done_list_open(&day.done, path);
	if (r == 0)
		r = send_all(&day);
	done_list_close(&day.done);
	tls_lines_free(&day.lines);
	return r;
}

int
tls_day_show(const struct tls_day_settings *settings, const char *name, time_t begin)
{
	struct day day = {.settings = settings, .name = name, .begin = begin};
	stralloc json = {0}, id = {0};
	struct tls_json report;
	size_t at, end;
	int r = tls_lines_read(&day.lines, name);

	if (r == -1 && errno == ENOENT)
		r = 0;
	for (at = 0; r == 0 && at < day.lines.n; at = end) {
		end = tls_lines_end(&day.lines, at, TLS_NOTED_DOMAIN);
		json.len = id.len = 0;
		fill(&report, &id, &day, day.lines.list[at].fields[TLS_NOTED_DOMAIN]);
		tls_json_put(&json, &report, &day.lines, at, end);
		r = durable_write(1, json.s, json.len);
	}
	tls_lines_free(&day.lines);
	stralloc_free(&json);
	stralloc_free(&id);
	return r;
}
