#include <string.h>

#include <atf-c.h>

#include "smtp/bdat.h"

static int
parse(struct bdat_chunk *chunk, const char *s)
{
	return bdat_chunk_parse(chunk, s, strlen(s));
}

ATF_TC_WITHOUT_HEAD(a_chunk_has_a_size_and_may_be_the_last);
ATF_TC_BODY(a_chunk_has_a_size_and_may_be_the_last, tc)
{
	struct bdat_chunk chunk;

	ATF_CHECK(parse(&chunk, "86"));
	ATF_CHECK(chunk.size == 86 && !chunk.is_last && chunk.is_sound);
	ATF_CHECK(parse(&chunk, "0  last"));
	ATF_CHECK(chunk.size == 0 && chunk.is_last && chunk.is_sound);
	ATF_CHECK(parse(&chunk, "5 LASTS"));
	ATF_CHECK(chunk.size == 5 && !chunk.is_last && !chunk.is_sound);
}

ATF_TC_WITHOUT_HEAD(without_a_size_it_is_none);
ATF_TC_BODY(without_a_size_it_is_none, tc)
{
	struct bdat_chunk chunk;

	ATF_CHECK(!parse(&chunk, ""));
	ATF_CHECK(!parse(&chunk, "LAST"));
	ATF_CHECK(!parse(&chunk, "-1"));
	ATF_CHECK(!parse(&chunk, "1x"));
	ATF_CHECK(!parse(&chunk, "18446744073709551616"));
	ATF_CHECK(!parse(&chunk, "000000000000000000001"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_chunk_has_a_size_and_may_be_the_last);
	ATF_TP_ADD_TC(tp, without_a_size_it_is_none);
	return atf_no_error();
}
