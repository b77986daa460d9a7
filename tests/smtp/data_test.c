#include <string.h>

#include <atf-c.h>

#include "smtp/data.h"

#define ROOM 65536

/* Decode text in pieces of the given size; returns what was left after the end, or -1. */
static long
decode(struct data *d, const char *text, size_t len, size_t piece, char *out)
{
	char waiting[ROOM];
	size_t have = 0, at = 0, put = 0, used, more;

	for (;;) {
		put += data_decode(d, out + put, waiting, have, &used);
		ATF_REQUIRE(used <= have);
		have -= used;
		memmove(waiting, waiting + used, have);
		if (d->ended || at == len)
			break;
		more = piece < len - at ? piece : len - at;
		memcpy(waiting + have, text + at, more);
		have += more;
		at += more;
	}
	out[put] = '\0';
	return d->ended ? (long)(have + len - at) : -1;
}

struct example {
	const char *sent;
	const char *kept;
	long left; /* -1: not ended */
	unsigned faults;
};

static const struct example examples[] = {
    {".\r\n", "", 0, 0},
    {"a\r\n.\r\n", "a\n", 0, 0},
    {"a: b\r\n\r\nc\r\n.\r\nQUIT\r\n", "a: b\n\nc\n", 6, 0},
    {"..\r\n...a\r\n.b\r\n.\r\n", ".\n..a\nb\n", 0, 0},
    {"\r\n\r\n.\r\n", "\n\n", 0, 0},
    {"a\r\n.\r", "a\n", -1, 0},
    {"a\r\n.", "a\n", -1, 0},
    {"a.\r\n.\r\n", "a.\n", 0, 0},
    /* smuggling: none of these ends the data */
    {"a\n.\nMAIL\r\n.\r\n", "a\n.\nMAIL\n", 0, DATA_BARE_LF},
    {"a\n.\r\nMAIL\r\n.\r\n", "a\n.\nMAIL\n", 0, DATA_BARE_LF},
    {"a\r\n.\nMAIL\r\n.\r\n", "a\n\nMAIL\n", 0, DATA_BARE_LF},
    {"a\r.\rMAIL\r\n.\r\n", "a\r.\rMAIL\n", 0, DATA_BARE_CR},
    {"a\r\n.\rMAIL\r\n.\r\n", "a\n\rMAIL\n", 0, DATA_BARE_CR},
    {"a\r.\r\nMAIL\r\n.\r\n", "a\r.\nMAIL\n", 0, DATA_BARE_CR},
    {"a\r\r\n.\r\r\nb\r\n.\r\n", "a\r\n\r\nb\n", 0, DATA_BARE_CR},
    {"\n.\r\n\r\n.\r\n", "\n.\n\n", 0, DATA_BARE_LF},
    {"\n\r\n.\r\n", "\n\n", 0, DATA_BARE_LF},
};

ATF_TC_WITHOUT_HEAD(decodes_the_same_in_pieces_of_any_size);
ATF_TC_BODY(decodes_the_same_in_pieces_of_any_size, tc)
{
	const struct example *e;
	struct data d;
	char out[ROOM];
	size_t piece;

	for (e = examples; e < examples + sizeof examples / sizeof *examples; e++) {
		for (piece = 1; piece < 40; piece++) {
			data_begin(&d, 0, 0);
			ATF_CHECK_EQ_MSG(e->left,
			    decode(&d, e->sent, strlen(e->sent), piece, out), "%s",
			    e->sent);
			ATF_CHECK_STREQ(e->kept, out);
			ATF_CHECK_EQ_MSG(e->faults, d.faults, "%s", e->sent);
		}
	}
}

static int
yes(void)
{
	return 1;
}

/* For clients of ours: a bare CR or LF is a line end, and still none ends the data. */
static const struct example mended[] = {
    {"a\r\n.\r\n", "a\n", 0, 0},
    {"a\nb\r\n.\r\n", "a\nb\n", 0, 1},
    {"a\rb\r\n.\r\n", "a\nb\n", 0, 1},
    {"a\r\r\nb\r\r\n\r\n.\r\n", "a\nb\n\n", 0, 1},
    {"a\r\r\r\nb\r\n.\r\n", "a\n\nb\n", 0, 1},
    {"a\n.\nMAIL\r\n.\r\n", "a\n.\nMAIL\n", 0, 1},
    {"a\n.\r\nMAIL\r\n.\r\n", "a\n.\nMAIL\n", 0, 1},
    {"a\r\n.\nMAIL\r\n.\r\n", "a\n\nMAIL\n", 0, 1},
    {"a\r.\r\nMAIL\r\n.\r\n", "a\n.\nMAIL\n", 0, 1},
    {"a\r\n.\r\r\nMAIL\r\n.\r\n", "a\n\nMAIL\n", 0, 1},
    {"a\r\r\n.\r\r\nMAIL\r\n.\r\n", "a\n\nMAIL\n", 0, 1},
};

ATF_TC_WITHOUT_HEAD(line_ends_are_mended_where_they_may_be);
ATF_TC_BODY(line_ends_are_mended_where_they_may_be, tc)
{
	const struct example *e;
	struct data d;
	char out[ROOM];
	size_t piece;

	for (e = mended; e < mended + sizeof mended / sizeof *mended; e++)
		for (piece = 1; piece < 20; piece++) {
			data_begin(&d, 0, 0);
			d.mends = yes;
			ATF_CHECK_EQ_MSG(e->left,
			    decode(&d, e->sent, strlen(e->sent), piece, out), "%s",
			    e->sent);
			ATF_CHECK_STREQ(e->kept, out);
			ATF_CHECK_EQ(0, d.faults);
			ATF_CHECK_EQ_MSG(e->faults, (unsigned)d.is_mended, "%s", e->sent);
		}
}

ATF_TC_WITHOUT_HEAD(a_null_byte_is_a_fault_and_does_not_hide_a_dot);
ATF_TC_BODY(a_null_byte_is_a_fault_and_does_not_hide_a_dot, tc)
{
	static const char sent[] = "\0\r\n\0.\r\nb\r\n.\r\n";
	struct data d;
	char out[ROOM];

	data_begin(&d, 0, 0);
	ATF_CHECK_EQ(0, decode(&d, sent, sizeof sent - 1, 3, out));
	ATF_CHECK_EQ(0, memcmp(out, "\0\n\0.\nb\n", 7));
	ATF_CHECK_EQ(DATA_NULL, d.faults);
}

ATF_TC_WITHOUT_HEAD(size_counts_line_ends_but_not_stuffed_dots);
ATF_TC_BODY(size_counts_line_ends_but_not_stuffed_dots, tc)
{
	struct data d;
	char out[ROOM];

	data_begin(&d, 6, 0);
	ATF_CHECK_EQ(0, decode(&d, "..\r\na\r\n.\r\n", 10, 4, out));
	ATF_CHECK_EQ(6, d.octets);
	ATF_CHECK_EQ(0, d.faults);
	data_begin(&d, 5, 0);
	ATF_CHECK_EQ(0, decode(&d, "..\r\na\r\n.\r\n", 10, 4, out));
	ATF_CHECK_EQ(DATA_TOO_LARGE, d.faults);
}

static unsigned
faults_with_hops(int n, const char *rest)
{
	static char sent[ROOM], out[ROOM];
	struct data d;

	sent[0] = '\0';
	while (n--)
		strcat(sent, n % 2 ? "Received: by x\r\n" : "rEceiVed:\r\n\tby y\r\n");
	strcat(strcat(sent, rest), "\r\n.\r\n");
	data_begin(&d, 0, 0);
	ATF_CHECK_EQ(0, decode(&d, sent, strlen(sent), 7, out));
	return d.faults;
}

ATF_TC_WITHOUT_HEAD(more_than_a_hundred_hops_are_a_loop);
ATF_TC_BODY(more_than_a_hundred_hops_are_a_loop, tc)
{
	ATF_CHECK_EQ(0, faults_with_hops(100, ""));
	ATF_CHECK_EQ(DATA_LOOPS, faults_with_hops(101, ""));
	ATF_CHECK_EQ(0, faults_with_hops(100, "Received-SPF: x"));
	ATF_CHECK_EQ(0, faults_with_hops(100, "X:\r\n Received: folded"));
	ATF_CHECK_EQ(DATA_LOOPS, faults_with_hops(100, "received \t: a blank"));
	ATF_CHECK_EQ(0, faults_with_hops(100, "\r\nReceived: in the body"));
	ATF_CHECK_EQ(0, faults_with_hops(100, "no field\r\nReceived: in the body"));
}

ATF_TC_WITHOUT_HEAD(the_header_has_a_limit_of_its_own);
ATF_TC_BODY(the_header_has_a_limit_of_its_own, tc)
{
	static const char sent[] = "a: b\r\n\r\nlong body\r\n.\r\n";
	struct data d;
	char out[ROOM];

	data_begin(&d, 0, 7);
	ATF_CHECK_EQ(0, decode(&d, sent, sizeof sent - 1, 3, out));
	ATF_CHECK_EQ(0, d.faults);
	data_begin(&d, 0, 6);
	ATF_CHECK_EQ(0, decode(&d, sent, sizeof sent - 1, 3, out));
	ATF_CHECK_EQ(DATA_HEADER, d.faults);
}

struct chunked {
	const char *sent;
	const char *kept;
	unsigned faults;
	unsigned octets;
};

static const struct chunked chunks[] = {
    {"", "", 0, 0},
    {"a: b\r\n\r\nc\r\n", "a: b\n\nc\n", 0, 11},
    {"no end", "no end\n", 0, 8},
    {"\r\n.\r\n..\r\n", "\n.\n..\n", 0, 9},
    {"a\nb\r\n", "a\nb\n", DATA_BARE_LF, 5},
    {"a\r\n.\n\r\n", "a\n.\n\n", DATA_BARE_LF, 7},
    {"a\rb\r\n", "a\rb\n", DATA_BARE_CR, 5},
    {"a\r\r\n", "a\r\n", DATA_BARE_CR, 4},
    {"a\r\n\r", "a\n\r\n", DATA_BARE_CR, 6},
};

ATF_TC_WITHOUT_HEAD(chunks_are_the_same_in_pieces_of_any_size);
ATF_TC_BODY(chunks_are_the_same_in_pieces_of_any_size, tc)
{
	const struct chunked *c;
	struct data d;
	char out[ROOM];
	size_t piece, len, at, n, put;

	for (c = chunks; c < chunks + sizeof chunks / sizeof *chunks; c++) {
		len = strlen(c->sent);
		for (piece = 1; piece < 16; piece++) {
			data_begin(&d, 0, 0);
			for (put = at = 0; at < len; at += n) {
				n = len - at < piece ? len - at : piece;
				put += data_decode_chunk(&d, out + put, c->sent + at, n);
			}
			put += data_end_chunks(&d, out + put);
			out[put] = '\0';
			ATF_CHECK_EQ_MSG(c->faults, d.faults, "%s", c->sent);
			ATF_CHECK_EQ_MSG(c->octets, d.octets, "%s", c->sent);
			if (!c->faults)
				ATF_CHECK_STREQ(c->kept, out);
		}
	}
}

static const struct chunked mended_chunks[] = {
    {"a\nb\r\n", "a\nb\n", 0, 6},
    {"a\rb\r\n", "a\nb\n", 0, 6},
    {"a\r\r\nb", "a\nb\n", 0, 6},
    {"a\r\r\r\n", "a\n\n", 0, 5},
    {"a\r\r", "a\n\n", 0, 5},
};

ATF_TC_WITHOUT_HEAD(chunks_are_mended_likewise);
ATF_TC_BODY(chunks_are_mended_likewise, tc)
{
	const struct chunked *c;
	struct data d;
	char out[ROOM];
	size_t piece, len, at, n, put;

	for (c = mended_chunks;
	     c < mended_chunks + sizeof mended_chunks / sizeof *mended_chunks; c++) {
		len = strlen(c->sent);
		for (piece = 1; piece < 8; piece++) {
			data_begin(&d, 0, 0);
			d.mends = yes;
			for (put = at = 0; at < len; at += n) {
				n = len - at < piece ? len - at : piece;
				put += data_decode_chunk(&d, out + put, c->sent + at, n);
			}
			put += data_end_chunks(&d, out + put);
			out[put] = '\0';
			ATF_CHECK_STREQ(c->kept, out);
			ATF_CHECK_EQ_MSG(c->octets, d.octets, "%s", c->sent);
			ATF_CHECK(d.faults == 0 && d.is_mended);
		}
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, line_ends_are_mended_where_they_may_be);
	ATF_TP_ADD_TC(tp, chunks_are_mended_likewise);
	ATF_TP_ADD_TC(tp, decodes_the_same_in_pieces_of_any_size);
	ATF_TP_ADD_TC(tp, a_null_byte_is_a_fault_and_does_not_hide_a_dot);
	ATF_TP_ADD_TC(tp, size_counts_line_ends_but_not_stuffed_dots);
	ATF_TP_ADD_TC(tp, more_than_a_hundred_hops_are_a_loop);
	ATF_TP_ADD_TC(tp, the_header_has_a_limit_of_its_own);
	ATF_TP_ADD_TC(tp, chunks_are_the_same_in_pieces_of_any_size);
	return atf_no_error();
}
