#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/text.h"
#include "lib/tls_noted.h"
#include "way/tls_result.h"

#define DAY 86400
#define FIELD_MAX 300 /* bytes */

static void
put(stralloc *line, const char *field)
{
	size_t at = line->len;

	text_cat_printable(line, field, strlen(field), FIELD_MAX);
	for (; at < line->len; at++)
		if (line->s[at] == '\t')
			line->s[at] = ' ';
	text_catb(line, "\t", 1);
}

/* Which policy it was: TYPE and what is needed to tell it in the report. */
static void
put_policy(stralloc *line, const struct way_security *s, const char *result)
{
	int is_sought =
	    strcmp(result, "dnssec-invalid") == 0 || strcmp(result, "dane-required") == 0;
	stralloc records = {0};
	size_t i;

	if (s->tlsa.len > 0 || s->is_unusable || is_sought) {
		put(line, "tlsa");
		for (i = 0; i < s->tlsa.len && records.len < FIELD_MAX / 2;
		     i += strlen(s->tlsa.s + i) + 1)
			text_cat(&records, i > 0 ? "," : "", s->tlsa.s + i, (char *)NULL);
		text_terminate(&records);
		put(line, records.s);
		stralloc_free(&records);
	} else if (s->sts != WAY_SECURITY_STS_ABSENT || s->sts_result[0] != '\0') {
		put(line, "sts");
		put(line, s->sts_id);
	} else {
		put(line, "no-policy-found");
		put(line, "");
	}
}

/* What a session under test has shown counts only with a host of the policy. */
static const char *
result_of(const struct tls_result *r)
{
	const struct way_security *s = r->security;

	if (s->sts == WAY_SECURITY_STS_ABSENT && s->sts_result[0] != '\0')
		return s->sts_result;
	if (s->sts == WAY_SECURITY_STS_TESTING && !s->sts_fits && r->result[0] == '\0')
		return "validation-failure";
	return r->result;
}

static void
make_line(stralloc *line, const struct tls_result *r)
{
	int is_foreign =
	    r->security->sts == WAY_SECURITY_STS_TESTING && !r->security->sts_fits;

	text_cat(line, "1\t", (char *)NULL);
	put(line, r->security->domain);
	put_policy(line, r->security, r->result);
	put(line, r->host);
	put(line, r->ip);
	put(line, r->own_ip);
	put(line, result_of(r));
	put(line, is_foreign && r->result[0] == '\0' ? "the host is not in the policy"
						     : r->text);
	line->s[line->len - 1] = '\n';
}

/* Begin a day: those long past are of no use. */
static void
remove_old(time_t now)
{
	char path[sizeof(TLS_NOTED_FOLDER) + TLS_NOTED_DAY_MAX];
	const struct dirent *entry;
	DIR *dir = opendir(TLS_NOTED_FOLDER);
	time_t begin;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (!tls_noted_is_day(entry->d_name, &begin) ||
		    begin > now - (TLS_NOTED_DAYS + 1) * (time_t)DAY)
			continue;
		strcpy(stpcpy(path, TLS_NOTED_FOLDER "/"), entry->d_name);
		unlink(path);
	}
	if (dir != NULL)
		closedir(dir);
}

/* The file of today, to be appended to; or -1. */
static int
open_day(time_t now)
{
	char path[sizeof(TLS_NOTED_FOLDER) + TLS_NOTED_DAY_MAX];
	struct stat st;
	int fd;

	/* by hand, as another user, nothing is noted: root works in no folder of others
	 */
	if (lstat(TLS_NOTED_FOLDER, &st) == -1 || !S_ISDIR(st.st_mode) ||
	    st.st_uid != geteuid())
		return -1;
	tls_noted_day(stpcpy(path, TLS_NOTED_FOLDER "/"), now);
	fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
	if (fd != -1)
		return fd;
	remove_old(now);
	return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
}

/* In one write, so that lines of several processes do not mix. */
static void
append(const stralloc *line)
{
	static int is_told; /* a cache: the log says it once for each process */
	int fd = open_day(time(NULL));
	struct stat st;

	if (fd == -1)
		return;
	if (fstat(fd, &st) == 0 && st.st_size < TLS_NOTED_BYTES) {
		/* what was cut off by a crash or a full disk is passed over */
		if (write(fd, line->s, line->len) != (ssize_t)line->len && !is_told++)
			log_event(NULL, "unnoted", "folder", TLS_NOTED_FOLDER, "reason",
			    "unable to write", (char *)NULL);
	} else if (!is_told++) {
		log_event(NULL, "unnoted", "folder", TLS_NOTED_FOLDER, "reason",
		    "the file of the day is full", (char *)NULL);
	}
	close(fd);
}

void
tls_result_note(const struct way_settings *settings, const struct tls_result *r)
{
	stralloc line = {0};

	if (!settings->reports_tls || !r->security->is_mx ||
	    r->security->level == WAY_SECURITY_NONE)
		return;
	make_line(&line, r);
	append(&line);
	stralloc_free(&line);
}
