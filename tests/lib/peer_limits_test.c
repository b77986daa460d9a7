#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <atf-c.h>

#include "lib/peer_limits.h"

static struct peer_limits limits;

/* What peer_limits_take_words says of s. */
static int
take(const char *s)
{
	char words[1024];

	ATF_REQUIRE(strlen(s) < sizeof words);
	strcpy(words, s);
	return peer_limits_take_words(&limits, words);
}

static void
check(unsigned server, unsigned address, unsigned network)
{
	ATF_CHECK_EQ(server, limits.per_server);
	ATF_CHECK_EQ(address, limits.per_address);
	ATF_CHECK_EQ(network, limits.per_network);
}

ATF_TC_WITHOUT_HEAD(options_may_stand_in_one_word);
ATF_TC_BODY(options_may_stand_in_one_word, tc)
{
	ATF_CHECK_EQ(0, take(""));
	check(0, 20, 100);
	ATF_CHECK_EQ(0, take("  -c 40 \t-a5 -n 7 "));
	check(40, 5, 7);
	ATF_CHECK(peer_limits_trouble(&limits) != NULL);
	ATF_CHECK_STREQ("peer", limits.folder);
	/* as the run scripts have them without PEERS */
	ATF_CHECK_EQ(0, take("-c 200 -a 0 "));
	check(200, 0, 0);
	ATF_CHECK_EQ(0, take("-q -d readers -a 0 -n 3"));
	check(0, 0, 3);
	ATF_CHECK_STREQ("readers", limits.folder);
	ATF_CHECK(peer_limits_trouble(&limits) == NULL);
}

ATF_TC_WITHOUT_HEAD(what_is_no_option_is_refused);
ATF_TC_BODY(what_is_no_option_is_refused, tc)
{
	static const char *const wrong[] = {"-c", "-c x", "-c 40 program", "program",
	    "-x", "-p nntp", "-a -1", "-c -a 0", "- 1"};
	char many[1024] = "";
	size_t i;

	for (i = 0; i < sizeof wrong / sizeof *wrong; i++)
		ATF_CHECK_EQ_MSG(-1, take(wrong[i]), "%s", wrong[i]);
	while (strlen(many) < sizeof many - 8)
		strcat(many, "-a 1 ");
	ATF_CHECK_EQ(-1, take(many));
	/* who is told so is told in a language */
	ATF_CHECK(peer_limits_trouble(&limits) != NULL);
}

/* Returns what peer_limits_take_over says, and what remains of the words, in left. */
static int
take_over(const char *line, char *left, size_t room)
{
	char copy[256], *argv[16], *word, *rest;
	int argc = 0, r, i;

	strcpy(copy, line);
	for (word = strtok_r(copy, ",", &rest); word != NULL;
	     word = strtok_r(NULL, ",", &rest))
		argv[argc++] = word;
	r = peer_limits_take_over(&limits, argc, argv);
	*left = '\0';
	for (i = r; r != -1 && i < argc; i++)
		snprintf(left + strlen(left), room - strlen(left), "%s%s",
		    i == r ? "" : ",", argv[i]);
	return r;
}

ATF_TC_WITHOUT_HEAD(a_program_is_left_without_them);
ATF_TC_BODY(a_program_is_left_without_them, tc)
{
	static const struct {
		const char *line, *left;
		unsigned server;
	} cases[] = {
	    {"peer-limit,-c,9,smtp-recv,-l,-a 1,true", "smtp-recv,-l,-a 1,true", 9},
	    {"smtp-recv,-l,-c 9 -a 2,-u,true", "smtp-recv,-u,true", 9},
	    {"pop3-login,-l,-p pop3 -c 9", "pop3-login", 9},
	    /* it says so itself when it is started */
	    {"smtp-recv,-l", "smtp-recv,-l", 0},
	    {"smtp-recv,-u,-l,-c 9,true", "smtp-recv,-u,-l,-c 9,true", 0},
	    {"ls,-l,-c 9", "ls,-l,-c 9", 0},
	};
	char left[256];
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		memset(&limits, 0, sizeof limits);
		ATF_CHECK(take_over(cases[i].line, left, sizeof left) != -1);
		ATF_CHECK_STREQ(cases[i].left, left);
		ATF_CHECK_EQ(cases[i].server, limits.per_server);
	}
	ATF_CHECK_EQ(-1, take_over("smtp-recv,-l,-c 9 true,true", left, sizeof left));
	ATF_CHECK_EQ(-1, take_over("peer-limit,-c,9", left, sizeof left));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, options_may_stand_in_one_word);
	ATF_TP_ADD_TC(tp, what_is_no_option_is_refused);
	ATF_TP_ADD_TC(tp, a_program_is_left_without_them);
	return atf_no_error();
}
