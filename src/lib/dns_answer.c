#include <string.h>

#include "lib/dns_answer.h"
#include "lib/netstring_scan.h"
#include "lib/text.h"

static const char *const statuses[] = {"found", "nothing", "no-name", "failed"};

#define STATUSES (sizeof(statuses) / sizeof(*statuses))

void
dns_answer_put(stralloc *sa, const struct dns_answer *answer)
{
	char id[DECIMAL_MAX], ttl[DECIMAL_MAX];

	text_cat(sa, text_decimal(id, answer->id), " ", statuses[answer->status],
	    answer->secure ? " 1 " : " 0 ", text_decimal(ttl, answer->ttl), " ",
	    (char *)NULL);
	text_catb(sa, answer->name, answer->name_len);
	text_cat(sa, "\n", (char *)NULL);
}

/* The word at *s, which ends with a blank before end; *s is put behind that. */
static const char *
word(const char **s, const char *end, size_t *len)
{
	const char *begin = *s, *blank = memchr(begin, ' ', (size_t)(end - begin));

	if (blank == NULL)
		return NULL;
	*len = (size_t)(blank - begin);
	*s = blank + 1;
	return begin;
}

static int
number(const char **s, const char *end, uint32_t *n)
{
	unsigned long long value;
	size_t len;
	const char *digits = word(s, end, &len);

	if (digits == NULL || !text_number(digits, len, UINT32_MAX, &value))
		return 0;
	*n = (uint32_t)value;
	return 1;
}

static int
status_of(const char **s, const char *end, enum dns_answer_status *status)
{
	size_t len, i;
	const char *name = word(s, end, &len);

	for (i = 0; name != NULL && i < STATUSES; i++)
		if (strlen(statuses[i]) == len && memcmp(statuses[i], name, len) == 0) {
			*status = (enum dns_answer_status)i;
			return 1;
		}
	return 0;
}

/* Are they netstrings, one behind the other? */
static int
are_records(const char *s, size_t len)
{
	size_t start, size;
	ssize_t r;

	for (; len > 0; s += r, len -= (size_t)r) {
		r = netstring_scan(s, len, DNS_ANSWER_MAX, &start, &size);
		if (r <= 0)
			return 0;
	}
	return 1;
}

int
dns_answer_parse(struct dns_answer *answer, const char *s, size_t len)
{
	const char *end = memchr(s, '\n', len), *last = s + len;
	uint32_t secure;

	if (end == NULL || !number(&s, end, &answer->id) ||
	    !status_of(&s, end, &answer->status) || !number(&s, end, &secure) ||
	    secure > 1 || !number(&s, end, &answer->ttl))
		return 0;
	answer->secure = secure == 1;
	answer->name = s;
	answer->name_len = (size_t)(end - s);
	answer->records = end + 1;
	answer->records_len = (size_t)(last - answer->records);
	return are_records(answer->records, answer->records_len);
}

int
dns_answer_next(struct dns_answer *answer, const char **s, size_t *len)
{
	size_t start;
	ssize_t r = netstring_scan(
	    answer->records, answer->records_len, DNS_ANSWER_MAX, &start, len);

	if (r <= 0)
		return 0;
	*s = answer->records + start;
	answer->records += r;
	answer->records_len -= (size_t)r;
	return 1;
}

const char *
dns_answer_mx(const char *s, size_t len, unsigned *preference)
{
	const char *end = s + len;
	uint32_t n;

	if (!number(&s, end, &n) || n > 65535)
		return NULL;
	*preference = n;
	return s;
}
