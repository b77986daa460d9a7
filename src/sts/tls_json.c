#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/json.h"
#include "lib/sts_policy.h"
#include "lib/text.h"
#include "sts/tls_json.h"

#define DAY 86400

/* RFC 8460, 4.3; what tls(5) says beside is none of them. */
static const char *const words[] = {"starttls-not-supported", "certificate-host-mismatch",
    "certificate-expired", "certificate-not-trusted", "validation-failure",
    "tlsa-invalid", "dnssec-invalid", "dane-required", "sts-policy-fetch-error",
    "sts-policy-invalid", "sts-webpki-invalid"};

static const char *
word_of(const char *result)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(words[i], result) == 0)
			return words[i];
	return "validation-failure";
}

static void
put_time(stralloc *json, const char *name, time_t t)
{
	char day[TLS_NOTED_DAY_MAX], text[40];
	int seconds = (int)(t % DAY);

	strcpy(stpcpy(text, tls_noted_day(day, t)),
	    seconds == 0 ? "T00:00:00Z" : "T23:59:59Z");
	json_put_pair(json, name, text);
}

/* The parts of s, between bytes end, as an array of strings. */
static void
put_parts(stralloc *json, const char *s, char end)
{
	stralloc part = {0};
	size_t len;
	int n = 0;

	for (; *s != '\0'; s += len + (s[len] != '\0')) {
		len = (size_t)(strchrnul(s, end) - s);
		text_setb(&part, s, len);
		if (len > 0 && part.s[len - 1] == '\r')
			part.s[len - 1] = '\0';
		if (part.s[0] == '\0')
			continue;
		text_cat(json, n++ > 0 ? "," : "", (char *)NULL);
		json_put_string(json, part.s);
	}
	stralloc_free(&part);
}

/* The policy with that id as it is kept, its text after the first line; or null. */
static const char *
read_policy(struct sts_policy *policy, stralloc *file, const char *domain, const char *id)
{
	char path[sizeof(STS_POLICY_FOLDER) + STS_POLICY_NAME_MAX];
	ssize_t r;
	int fd;

	if (id[0] == '\0' || !sts_policy_is_domain(domain))
		return NULL;
	strcpy(stpcpy(path, STS_POLICY_FOLDER), domain);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd == -1)
		return NULL;
	text_room(file, STS_POLICY_FILE_MAX + 1);
	r = read(fd, file->s, STS_POLICY_FILE_MAX);
	close(fd);
	if (r <= 0 || sts_policy_read(policy, file->s, (size_t)r) == -1 ||
	    strcmp(policy->id, id) != 0 || memchr(file->s, '\0', (size_t)r) != NULL)
		return NULL;
	file->s[r] = '\0';
	return strchr(file->s, '\n') + 1;
}

static void
put_sts(stralloc *json, const struct tls_line *line)
{
	static struct sts_policy policy; /* large, and needed in here only */
	stralloc file = {0};
	const char *text = read_policy(&policy, &file, line->fields[TLS_NOTED_DOMAIN],
	    line->fields[TLS_NOTED_POLICY]);
	const char *host;

	if (text != NULL) {
		text_cat(json, "\"policy-string\":[", (char *)NULL);
		put_parts(json, text, '\n');
		text_cat(json, "],\"mx-host\":[", (char *)NULL);
		for (host = policy.hosts; host < policy.hosts + policy.hosts_len;
		     host += strlen(host) + 1) {
			text_cat(json, host > policy.hosts ? "," : "", (char *)NULL);
			json_put_string(json, host);
		}
		text_cat(json, "],", (char *)NULL);
	}
	stralloc_free(&file);
}

static void
put_policy(stralloc *json, const struct tls_line *line)
{
	const char *type = line->fields[TLS_NOTED_TYPE];

	text_cat(json, "{\"policy\":{", (char *)NULL);
	json_put_pair(json, "policy-type", type);
	text_cat(json, ",", (char *)NULL);
	if (strcmp(type, "sts") == 0) {
		put_sts(json, line);
	} else if (strcmp(type, "tlsa") == 0) {
		text_cat(json, "\"policy-string\":[", (char *)NULL);
		put_parts(json, line->fields[TLS_NOTED_POLICY], ',');
		text_cat(json, "],", (char *)NULL);
	}
	json_put_pair(json, "policy-domain", line->fields[TLS_NOTED_DOMAIN]);
	text_cat(json, "},", (char *)NULL);
}

static void
put_field(stralloc *json, const char *name, const char *value)
{
	if (value[0] == '\0')
		return;
	json_put_pair(json, name, value);
	text_cat(json, ",", (char *)NULL);
}

static void
put_detail(stralloc *json, const struct tls_line *line, size_t count)
{
	const char *result = line->fields[TLS_NOTED_RESULT];
	char number[DECIMAL_MAX];

	text_cat(json, "{", (char *)NULL);
	put_field(json, "result-type", word_of(result));
	put_field(json, "sending-mta-ip", line->fields[TLS_NOTED_OWN_IP]);
	put_field(json, "receiving-mx-hostname", line->fields[TLS_NOTED_HOST]);
	put_field(json, "receiving-ip", line->fields[TLS_NOTED_IP]);
	put_field(json, "failure-reason-code", line->fields[TLS_NOTED_TEXT]);
	text_cat(json, "\"failed-session-count\":", text_decimal(number, count), "}",
	    (char *)NULL);
}

/* The lines from begin to end are about one policy. */
static void
put_results(stralloc *json, const struct tls_lines *lines, size_t begin, size_t end)
{
	char number[DECIMAL_MAX], failed[DECIMAL_MAX];
	size_t first = begin, next;
	int n = 0;

	/* successes, whose result is empty, come first */
	while (first < end && lines->list[first].fields[TLS_NOTED_RESULT][0] == '\0')
		first++;
	text_cat(json, "\"summary\":{\"total-successful-session-count\":",
	    text_decimal(number, first - begin),
	    ",\"total-failure-session-count\":", text_decimal(failed, end - first), "}",
	    (char *)NULL);
	if (first < end)
		text_cat(json, ",\"failure-details\":[", (char *)NULL);
	for (begin = first; begin < end && n < TLS_JSON_DETAILS; begin = next) {
		next = tls_lines_end(lines, begin, TLS_NOTED_OWN_IP);
		text_cat(json, n++ > 0 ? "," : "", (char *)NULL);
		put_detail(json, &lines->list[begin], next - begin);
	}
	text_cat(json, first < end ? "]}" : "}", (char *)NULL);
}

void
tls_json_put(stralloc *json, const struct tls_json *report, const struct tls_lines *lines,
    size_t begin, size_t end)
{
	size_t at, next;

	text_cat(json, "{", (char *)NULL);
	json_put_pair(json, "organization-name", report->organisation);
	text_cat(json, ",\"date-range\":{", (char *)NULL);
	put_time(json, "start-datetime", report->begin);
	text_cat(json, ",", (char *)NULL);
	put_time(json, "end-datetime", report->begin + DAY - 1);
	text_cat(json, "},", (char *)NULL);
	json_put_pair(json, "contact-info", report->address);
	text_cat(json, ",", (char *)NULL);
	json_put_pair(json, "report-id", report->id);
	text_cat(json, ",\"policies\":[", (char *)NULL);
	for (at = begin; at < end; at = next) {
		next = tls_lines_end(lines, at, TLS_NOTED_POLICY);
		text_cat(json, at > begin ? "," : "", (char *)NULL);
		put_policy(json, &lines->list[at]);
		put_results(json, lines, at, next);
	}
	text_cat(json, "]}\n", (char *)NULL);
}
