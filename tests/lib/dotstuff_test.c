#include <stdlib.h>
#include <string.h>

#include <atf-c.h>

#include "lib/dotstuff.h"

static const struct {
	const char *in;
	const char *out;
} cases[] = {
    {"", ".\r\n"},
    {"a\n", "a\r\n.\r\n"},
    {"a", "a\r\n.\r\n"},
    {"\n", "\r\n.\r\n"},
    {".", "..\r\n.\r\n"},
    {".\n", "..\r\n.\r\n"},
    {"..\n", "...\r\n.\r\n"},
    {"a\n.b\n.\nc.\n", "a\r\n..b\r\n..\r\nc.\r\n.\r\n"},
    {"a\r\n.\r\nb\r\n", "a\r\n..\r\nb\r\n.\r\n"},
    {"a\rb\n", "a b\r\n.\r\n"},
    {"a\r.b\n", "a .b\r\n.\r\n"},
    {"\r.\r", " . \r\n.\r\n"},
    {"a\r\r\nb", "a \r\nb\r\n.\r\n"},
    {"\r", " \r\n.\r\n"},
    {"\r\r\r\n\n", "  \r\n\r\n.\r\n"},
    {"\n\n.", "\r\n\r\n..\r\n.\r\n"},
};

/* How many bytes a receiver has when it has taken the doubled dots and the end away. */
static size_t
received(const char *s)
{
	size_t n = strlen(s) - 3, i;
	size_t octets = n;

	for (i = 0; i < n; i++)
		if (s[i] == '.' && (i == 0 || s[i - 1] == '\n'))
			octets--;
	return octets;
}

ATF_TC_WITHOUT_HEAD(lines_become_canonical_wherever_the_input_is_cut);
ATF_TC_BODY(lines_become_canonical_wherever_the_input_is_cut, tc)
{
	size_t i, a, b;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *in = cases[i].in;
		size_t len = strlen(in);

		for (a = 0; a <= len; a++)
			for (b = a; b <= len; b++) {
				struct dotstuff d = {0};
				char out[100];
				size_t n = 0;

				n += dotstuff_encode(&d, out + n, in, a);
				n += dotstuff_encode(&d, out + n, in + a, b - a);
				n += dotstuff_encode(&d, out + n, in + b, len - b);
				n += dotstuff_end(&d, out + n);
				out[n] = 0;
				ATF_CHECK_STREQ_MSG(cases[i].out, out,
				    "case %zu cut at %zu, %zu", i, a, b);
				ATF_CHECK_EQ(received(cases[i].out), d.octets);
			}
	}
}

ATF_TC_WITHOUT_HEAD(counting_agrees_with_encoding);
ATF_TC_BODY(counting_agrees_with_encoding, tc)
{
	size_t i, a;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t len = strlen(cases[i].in);

		for (a = 0; a <= len; a++) {
			struct dotstuff d = {0};

			dotstuff_count(&d, cases[i].in, a);
			dotstuff_count(&d, cases[i].in + a, len - a);
			dotstuff_count_end(&d);
			ATF_CHECK_EQ_MSG(received(cases[i].out), d.octets,
			    "case %zu cut at %zu", i, a);
		}
	}
}

ATF_TC_WITHOUT_HEAD(the_room_suffices_for_the_worst_input);
ATF_TC_BODY(the_room_suffices_for_the_worst_input, tc)
{
	char in[64], *out;
	size_t len, n;

	for (len = 1; len < sizeof in; len++) {
		struct dotstuff d = {0};

		dotstuff_encode(&d, in, "\r", 1);
		memset(in, '\n', sizeof in);
		for (n = 0; n < len; n += 2)
			in[n] = '.';
		out = malloc(DOTSTUFF_ROOM(len));
		ATF_REQUIRE(out != NULL);
		ATF_CHECK(dotstuff_encode(&d, out, in, len) <= DOTSTUFF_ROOM(len));
		free(out);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, lines_become_canonical_wherever_the_input_is_cut);
	ATF_TP_ADD_TC(tp, counting_agrees_with_encoding);
	ATF_TP_ADD_TC(tp, the_room_suffices_for_the_worst_input);
	return atf_no_error();
}
