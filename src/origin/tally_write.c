#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/address.h"
#include "lib/text.h"
#include "origin/tally_write.h"

/* Append a field, without what parts fields and lines. */
static void
put(stralloc *line, const char *s)
{
	size_t begin = line->len;

	text_cat(line, s, (char *)NULL);
	for (; begin < line->len; begin++)
		if ((unsigned char)line->s[begin] < ' ')
			line->s[begin] = ' ';
	text_cat(line, "\t", (char *)NULL);
}

/* Why a message that has failed is not treated as its record says; "" when it is. */
static const char *
find_reason(const struct assessment *a, const struct dmarc_result *result,
    enum assessment_mode mode, enum dmarc_policy disposition)
{
	if (result->outcome != DMARC_FAIL || disposition == result->published)
		return "";
	if (a->exempt != NULL)
		return "trusted_forwarder";
	return mode == ASSESSMENT_MARK ? "local_policy"
	       : result->record->is_testing && disposition == result->policy
		   ? "policy_test_mode"
		   : "other";
}

static void
put_signatures(stralloc *line, const struct verify *verify)
{
	const struct verify_result *result;
	size_t i, n = 0;

	for (i = 0; i < verify->count; i++) {
		result = &verify->results[i];
		if (*result->signature.domain == '\0' ||
		    *result->signature.selector == '\0')
			continue;
		text_cat(line, n++ ? "," : "", result->signature.domain, " ",
		    result->signature.selector, " ", verify_word(result->verdict),
		    (char *)NULL);
	}
	text_cat(line, "\t", (char *)NULL);
}

/* Append the line for one domain of the author. */
static void
put_line(stralloc *line, const struct assessment *a, const struct dmarc_result *result,
    enum assessment_mode mode, const char *ip, time_t now)
{
	enum dmarc_policy disposition = assessment_disposition(a, mode, NULL);
	const char *sender = getenv("SENDER");
	size_t at = sender != NULL ? address_domain(sender, strlen(sender)) : 0;
	char number[DECIMAL_MAX];
	const struct answer *answer;

	put(line, "1");
	put(line, text_decimal(number, (unsigned long long)now));
	put(line, result->domain);
	put(line, ip);
	put(line, result->author);
	put(line, result->outcome == DMARC_PASS && result->published != DMARC_NONE
		      ? "pass"
		      : dmarc_record_word(disposition));
	put(line, result->is_dkim_aligned ? "pass" : "fail");
	put(line, result->is_spf_aligned ? "pass" : "fail");
	put(line, find_reason(a, result, mode, disposition));
	put(line, at ? sender + at : "");
	put(line, a->spf.is_mailfrom ? a->spf.domain : "");
	put(line, a->spf.is_mailfrom && a->spf.result != NULL ? a->spf.result : "");
	put_signatures(line, &a->verify);
	answer = (const struct answer *)((const char *)result->record -
					 offsetof(struct answer, record));
	put(line, answer->text.s);
	text_cat(line, ".\n", (char *)NULL);
}

/* Append line[0..len) to the file of the day, at once. */
static int
append(const stralloc *line, time_t now)
{
	char path[sizeof TALLY_FOLDER + TALLY_DAY_MAX + 1] = TALLY_FOLDER "/";
	struct stat st;
	ssize_t r = -1;
	int fd;

	tally_day(path + sizeof TALLY_FOLDER, now);
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd == -1)
		return -1;
	if (fstat(fd, &st) == 0) {
		errno = EFBIG;
		if (st.st_size + (off_t)line->len <= TALLY_FILE_MAX)
			r = write(fd, line->s, line->len);
		if (r != -1 && (size_t)r < line->len) {
			errno = ENOSPC;
			r = -1;
		}
	}
	close(fd);
	return r == -1 ? -1 : 0;
}

int
tally_write(
    const struct assessment *a, enum assessment_mode mode, const char *ip, time_t now)
{
	const struct dmarc_result *result;
	stralloc lines = {0}, line = {0};
	size_t i;
	int r = 0;

	for (i = 0; i < a->judged; i++) {
		result = &a->results[i];
		if ((result->outcome != DMARC_PASS && result->outcome != DMARC_FAIL) ||
		    result->record->rua == NULL)
			continue;
		line.len = 0;
		/* what a crash has left of another line is kept apart */
		text_cat(&line, "\n", (char *)NULL);
		put_line(&line, a, result, mode, ip, now);
		if (line.len <= TALLY_LINE_MAX)
			text_catb(&lines, line.s, line.len);
	}
	if (lines.len > 0)
		r = append(&lines, now);
	stralloc_free(&line);
	stralloc_free(&lines);
	return r;
}
