/* Whatever a peer said, no line of a bounce is too long, none begins elsewhere. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <stralloc.h>

#include "lib/utf8.h"
#include "report/field.h"
#include "report/words.h"

static void
check(const stralloc *sa, const char *first, const char *others, int utf8)
{
	size_t from = 0;

	if (utf8 ? !utf8_is_sound(sa->s, sa->len) : !utf8_is_ascii(sa->s, sa->len))
		abort();

	if (strncmp(sa->s, first, strlen(first)) != 0 || sa->s[sa->len - 1] != '\n')
		abort();
	for (size_t i = 0; i < sa->len; ++i) {
		if (sa->s[i] != '\n' &&
		    ((sa->s[i] >= 0 && sa->s[i] < ' ') || sa->s[i] == 127))
			abort();
		if (sa->s[i] != '\n')
			continue;
		if (i - from > FIELD_LINE_MAX ||
		    (from > 0 && strncmp(sa->s + from, others, strlen(others)) != 0))
			abort();
		from = i + 1;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	stralloc sa = {0};
	char *text = malloc(len + 1);

	memcpy(text, data, len);
	text[len] = '\0';
	for (int utf8 = 0; utf8 <= 1; ++utf8) {
		sa.len = 0;
		field_put(&sa, "Diagnostic-Code", text, utf8);
		check(&sa, "Diagnostic-Code: ", "    ", utf8);
		sa.len = 0;
		field_put_address(&sa, "Final-Recipient", text, utf8);
		check(&sa, "Final-Recipient: ", "no second line", utf8);
	}
	sa.len = 0;
	field_put_paragraph(&sa, "  ", "    ", text);
	check(&sa, "  ", "    ", 1);
	stralloc_0(&sa);
	if (strstr(sa.s, ">:") != NULL)
		abort();
	words_advice(text);
	stralloc_free(&sa);
	free(text);
	return 0;
}
