#include <stdio.h>
#include <string.h>

#include <atf-c.h>

#include "lib/mx_list.h"

static unsigned
sequence(void)
{
	static unsigned n;

	n = n * 1103515245u + 12345u;
	return n >> 16;
}

/* "a10 b20 c20" */
static void
fill(struct mx_list *list, const char *s)
{
	char name[64];
	unsigned preference;
	int n;

	list->n = 0;
	while (sscanf(s, " %63[^0-9 ]%u%n", name, &preference, &n) == 2) {
		mx_list_add(list, name, preference);
		s += n;
	}
}

static const char *
names(const struct mx_list *list)
{
	static char s[1000];
	size_t i;

	s[0] = '\0';
	for (i = 0; i < list->n; i++)
		strcat(strcat(s, i > 0 ? " " : ""), list->hosts[i].name);
	return s;
}

ATF_TC_WITHOUT_HEAD(the_lowest_preference_comes_first);
ATF_TC_BODY(the_lowest_preference_comes_first, tc)
{
	struct mx_list list;

	fill(&list, "c30 a10 e65535 b20 d40 z0");
	mx_list_sort(&list, sequence);
	ATF_CHECK_STREQ("z a b c d e", names(&list));
}

ATF_TC_WITHOUT_HEAD(equal_ones_come_first_equally_often);
ATF_TC_BODY(equal_ones_come_first_equally_often, tc)
{
	unsigned first[3] = {0}, i;
	struct mx_list list;

	for (i = 0; i < 3000; i++) {
		fill(&list, "a10 b10 c10 d20");
		mx_list_sort(&list, sequence);
		ATF_REQUIRE_STREQ("d", list.hosts[3].name);
		first[list.hosts[0].name[0] - 'a']++;
	}
	for (i = 0; i < 3; i++)
		ATF_CHECK_MSG(first[i] > 800 && first[i] < 1200, "%u", first[i]);
}

ATF_TC_WITHOUT_HEAD(a_full_list_keeps_the_best);
ATF_TC_BODY(a_full_list_keeps_the_best, tc)
{
	struct mx_list list = {.n = 0};
	char name[16];
	unsigned i;

	for (i = 0; i < 3 * MX_LIST_MAX; i++) {
		snprintf(name, sizeof(name), "h%u", i);
		mx_list_add(&list, name, 1000 - i);
	}
	ATF_CHECK_EQ(MX_LIST_MAX, list.n);
	mx_list_sort(&list, sequence);
	ATF_CHECK_EQ(1000 - 3 * MX_LIST_MAX + 1, list.hosts[0].preference);
	ATF_CHECK_EQ(1000 - 2 * MX_LIST_MAX, list.hosts[MX_LIST_MAX - 1].preference);
}

ATF_TC_WITHOUT_HEAD(names_lose_their_dot_and_long_ones_do_not_fit);
ATF_TC_BODY(names_lose_their_dot_and_long_ones_do_not_fit, tc)
{
	char name[MX_NAME_MAX + 2];
	struct mx_list list = {.n = 0};

	mx_list_add(&list, "a.test.", 1);
	memset(name, 'a', sizeof(name));
	name[MX_NAME_MAX + 1] = '\0';
	mx_list_add(&list, name, 1);
	name[MX_NAME_MAX] = '\0';
	mx_list_add(&list, name, 1);
	ATF_CHECK_EQ(2, list.n);
	ATF_CHECK_STREQ("a.test", list.hosts[0].name);
	ATF_CHECK_STREQ(name, list.hosts[1].name);
}

ATF_TC_WITHOUT_HEAD(a_lone_root_is_the_null_mx);
ATF_TC_BODY(a_lone_root_is_the_null_mx, tc)
{
	struct mx_list list;

	fill(&list, ".0");
	ATF_CHECK(mx_list_is_null(&list));
	fill(&list, ".0 a10 .20");
	ATF_CHECK(!mx_list_is_null(&list));
	ATF_CHECK_STREQ("a", names(&list));
	fill(&list, ".0 .10");
	ATF_CHECK(!mx_list_is_null(&list));
	ATF_CHECK_EQ(0, list.n);
	ATF_CHECK(!mx_list_is_null(&list));
}

ATF_TC_WITHOUT_HEAD(we_and_all_that_are_not_better_are_cut_off);
ATF_TC_BODY(we_and_all_that_are_not_better_are_cut_off, tc)
{
	static const struct {
		const char *list, *left;
		int cut;
	} cases[] = {
	    {"a10 b20 c30", "a b c", 0},
	    {"a10 ME20 c30", "a", 1},
	    {"a10 b20 me20 d30", "a", 1},
	    {"a10 me20 b20 d30", "a", 1},
	    {"me10 a20", "", 1},
	    {"a10 me10", "", 1},
	    {"mee10 xme20", "mee xme", 0},
	    {"", "", 0},
	};
	struct mx_list list;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fill(&list, cases[i].list);
		ATF_CHECK_EQ(cases[i].cut, mx_list_cut(&list, "me."));
		ATF_CHECK_STREQ(cases[i].left, names(&list));
	}
}

ATF_TC_WITHOUT_HEAD(a_group_has_one_preference);
ATF_TC_BODY(a_group_has_one_preference, tc)
{
	struct mx_list list;

	fill(&list, "a10 b20 c20 d20 e30");
	ATF_CHECK_EQ(1, mx_list_group(&list, 0));
	ATF_CHECK_EQ(3, mx_list_group(&list, 1));
	ATF_CHECK_EQ(1, mx_list_group(&list, 4));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_lowest_preference_comes_first);
	ATF_TP_ADD_TC(tp, equal_ones_come_first_equally_often);
	ATF_TP_ADD_TC(tp, a_full_list_keeps_the_best);
	ATF_TP_ADD_TC(tp, names_lose_their_dot_and_long_ones_do_not_fit);
	ATF_TP_ADD_TC(tp, a_lone_root_is_the_null_mx);
	ATF_TP_ADD_TC(tp, we_and_all_that_are_not_better_are_cut_off);
	ATF_TP_ADD_TC(tp, a_group_has_one_preference);
	return atf_no_error();
}
