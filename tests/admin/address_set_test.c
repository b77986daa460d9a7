#include <stdio.h>
#include <string.h>

#include <atf-c.h>

#include "admin/address_set.h"

ATF_TC_WITHOUT_HEAD(each_key_is_entered_once);
ATF_TC_BODY(each_key_is_entered_once, tc)
{
	struct address_set set = {0};
	const struct address_place *place;
	char key[32];
	int i;

	ATF_CHECK(!address_set_find(&set, "a", 1));
	for (i = 0; i < 10000; i++) {
		snprintf(key, sizeof key, "user%d@example.test", i);
		ATF_REQUIRE(!address_set_enter(&set, key, strlen(key), "file", i));
	}
	for (i = 0; i < 10000; i++) {
		snprintf(key, sizeof key, "user%d@example.test", i);
		place = address_set_enter(&set, key, strlen(key), "other", 0);
		ATF_REQUIRE(place);
		ATF_REQUIRE_STREQ("file", place->file);
		ATF_REQUIRE_EQ((unsigned long)i, place->number);
		ATF_REQUIRE(!address_set_find(&set, key, strlen(key) - 1));
	}
	ATF_CHECK_EQ(10000, set.count);
	address_set_free(&set);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, each_key_is_entered_once);
	return atf_no_error();
}
