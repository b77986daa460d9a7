#include <stdio.h>
#include <stdlib.h>

#include <atf-c.h>

#include "inspect/bloom.h"
#include "lib/queueid.h"

static const char *
make_id(unsigned n)
{
	static char id[QUEUEID_LEN + 1];

	snprintf(id, sizeof id, "%011uabcdefghijklm", n);
	return id;
}

ATF_TC_WITHOUT_HEAD(what_was_met_is_known_and_few_others_are);
ATF_TC_BODY(what_was_met_is_known_and_few_others_are, tc)
{
	struct bloom seen = {0};
	unsigned mistaken = 0;

	for (unsigned i = 0; i < 100000; ++i)
		mistaken += bloom_meet(&seen, make_id(i));
	ATF_CHECK(mistaken < 10);
	for (unsigned i = 0; i < 100000; ++i)
		ATF_REQUIRE(bloom_meet(&seen, make_id(i)));
	free(seen.bits);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_was_met_is_known_and_few_others_are);
	return atf_no_error();
}
