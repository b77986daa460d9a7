#include <string.h>

#include "lib/address.h"
#include "lib/lower.h"
#include "lib/rate_line.h"
#include "lib/text.h"

#define MESSAGES_MAX 1000000
#define SECONDS_MAX 86400

static int
parse_rate(const char *s, int64_t *interval)
{
	const char *slash = strchr(s, '/');
	size_t len = slash != NULL ? (size_t)(slash - s) : strlen(s);
	unsigned long long messages, seconds = 1;

	if (!text_number(s, len, MESSAGES_MAX, &messages) || messages == 0)
		return 0;
	if (slash != NULL &&
	    (!text_number(slash + 1, strlen(slash + 1), SECONDS_MAX, &seconds) ||
		seconds == 0))
		return 0;
	*interval = (int64_t)(seconds * 1000000 / messages);
	return 1;
}

int
rate_line_parse(struct rate_line *r, char *line)
{
	size_t len = strcspn(line, " \t");
	char *rate = line + len;

	rate += strspn(rate, " \t");
	if (!parse_rate(rate, &r->interval))
		return 0;
	line[len] = '\0';
	lower_string(line);
	r->is_mx = strncmp(line, "mx:", 3) == 0;
	line += r->is_mx ? 3 : 0;
	r->is_below = line[0] == '.';
	r->name = line + r->is_below;
	if (strcmp(line, "*") == 0 && !r->is_mx) {
		r->name = "";
		return 1;
	}
	return address_is_domain(r->name, strlen(r->name));
}
