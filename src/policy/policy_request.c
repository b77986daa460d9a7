#include <string.h>

#include "lib/smtp_path.h"
#include "lib/text.h"
#include "policy/policy_request.h"

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

static void
take_number(
    const struct smtp_path_parameter *p, const char *keyword, unsigned long long *n)
{
	if (smtp_path_parameter_is(p, keyword))
		text_number(p->value, p->value_len, -1ULL, n);
}

void
policy_request_parse(struct policy_request *request, const char *s, size_t len)
{
	struct smtp_path_parameter p;
	size_t at, end;

	memset(request, 0, sizeof *request);
	end = word_end(s, 0, len);
	request->verb = s;
	request->verb_len = end;
	at = end < len ? end + 1 : len;
	if (!policy_request_is(request, "done"))
		end = word_end(s, at, len);
	else
		at = end;
	request->address = s + at;
	request->address_len = end - at;
	if (policy_request_is(request, "size"))
		text_number(
		    request->address, request->address_len, -1ULL, &request->size);
	while (smtp_path_parameter_next(s, len, &end, &p) == 1) {
		take_number(&p, "SIZE", &request->size);
		take_number(&p, "RECIPIENTS", &request->recipients);
		take_number(&p, "REFUSED", &request->refused);
		take_number(&p, "MESSAGES", &request->messages);
	}
}

int
policy_request_is(const struct policy_request *request, const char *verb)
{
	return request->verb_len == strlen(verb) &&
	       memcmp(request->verb, verb, request->verb_len) == 0;
}
