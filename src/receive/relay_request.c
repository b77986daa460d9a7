#include <string.h>

#include "lib/address.h"
#include "lib/text.h"
#include "receive/relay_request.h"
#include "receive/smtp_path.h"

/* Where the word at s[at..len) ends: at a blank that is not in quotes. */
static size_t
word_end(const char *s, size_t at, size_t len)
{
	int quoted = 0;

	for (; at < len && (quoted || s[at] != ' '); at++) {
		if (s[at] == '"')
			quoted = !quoted;
		else if (quoted && s[at] == '\\' && at + 1 < len)
			at++;
	}
	return at;
}

void
relay_request_parse(struct relay_request *request, const char *s, size_t len)
{
	struct smtp_parameter p;
	size_t at, end;

	memset(request, 0, sizeof *request);
	end = word_end(s, 0, len);
	request->verb = s;
	request->verb_len = end;
	at = end < len ? end + 1 : len;
	end = word_end(s, at, len);
	request->address = s + at;
	request->address_len = end - at;
	while (smtp_parameter_next(s, len, &end, &p) == 1)
		if (smtp_parameter_is(&p, "SIZE"))
			text_number(p.value, p.value_len, -1ULL, &request->size);
}

int
relay_request_is(const struct relay_request *request, const char *verb)
{
	return request->verb_len == strlen(verb) &&
	       !memcmp(request->verb, verb, request->verb_len);
}

int
relay_request_routes(const char *s, size_t len)
{
	size_t i, domain = address_domain(s, len);

	for (i = 0; i + 1 < domain; i++)
		if (s[i] == '%' || s[i] == '!' || s[i] == '@')
			return 1;
	return 0;
}
