#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/client.h"

ATF_TC_WITHOUT_HEAD(networks_are_cut_to_their_bits);
ATF_TC_BODY(networks_are_cut_to_their_bits, tc)
{
	char s[CLIENT_NETWORK_MAX];

	ATF_CHECK_STREQ("192.0.2.0/24", client_network(s, "192.0.2.77", 24, 64));
	ATF_CHECK_STREQ("192.0.2.77", client_network(s, "192.0.2.77", 32, 128));
	ATF_CHECK_STREQ(
	    "2001:db8:1:2::/64", client_network(s, "2001:db8:1:2:3::4", 24, 64));
	ATF_CHECK_STREQ("192.0.2.0/24", client_network(s, "::ffff:192.0.2.77", 24, 64));
	ATF_CHECK_STREQ("unknown", client_network(s, NULL, 24, 64));
	ATF_CHECK_STREQ("unknown", client_network(s, "192.0.2", 24, 64));
}

ATF_TC_WITHOUT_HEAD(a_client_is_what_its_variables_tell);
ATF_TC_BODY(a_client_is_what_its_variables_tell, tc)
{
	static const char *const of_user[] = {
	    "TCPREMOTEIPS=x", "TCPREMOTEIP=192.0.2.1", "AUTHUSER=me@example.test", NULL};
	static const char *const of_nobody[] = {"AUTHUSER=", "RELAYCLIENTS=", NULL};
	static const char *const of_ours[] = {"RELAYCLIENT=", NULL};
	struct client c;

	client_take(&c, (char *const *)of_user);
	ATF_CHECK_STREQ("192.0.2.1", c.ip);
	ATF_CHECK_STREQ("me@example.test", c.user);
	ATF_CHECK_EQ(1, client_may_relay(&c));
	client_take(&c, (char *const *)of_nobody);
	ATF_CHECK(c.ip == NULL && c.user == NULL && !c.is_relayclient);
	ATF_CHECK_EQ(0, client_may_relay(&c));
	client_take(&c, (char *const *)of_ours);
	ATF_CHECK_EQ(1, client_may_relay(&c));
}

ATF_TC_WITHOUT_HEAD(one_client_is_not_taken_for_another);
ATF_TC_BODY(one_client_is_not_taken_for_another, tc)
{
	static const char *const listed[] = {"TCPREMOTEIP=192.0.2.1", NULL};
	static const char *const other[] = {"TCPREMOTEIP=192.0.2.2", NULL};
	struct client a, b;

	ATF_REQUIRE_EQ(0, mkdir("control", 0700));
	atf_utils_create_file("control/relayclients", "192.0.2.1\n");
	client_take(&a, (char *const *)listed);
	client_take(&b, (char *const *)other);
	ATF_CHECK_EQ(1, client_may_relay(&a));
	ATF_CHECK_EQ(0, client_may_relay(&b));
	ATF_REQUIRE_EQ(0, unlink("control/relayclients"));
	ATF_CHECK_EQ(1, client_may_relay(&a));
	client_take(&a, (char *const *)listed);
	ATF_CHECK_EQ(0, client_may_relay(&a));
}

ATF_TC_WITHOUT_HEAD(the_client_of_this_process_is_remembered);
ATF_TC_BODY(the_client_of_this_process_is_remembered, tc)
{
	unsetenv("AUTHUSER");
	setenv("TCPREMOTEIP", "192.0.2.1", 1);
	setenv("RELAYCLIENT", "", 1);
	ATF_CHECK_EQ(1, client_is_authorised());
	unsetenv("RELAYCLIENT");
	ATF_CHECK_EQ(1, client_is_authorised());
}

ATF_TC_WITHOUT_HEAD(everybody_is_let_in_by_name_only);
ATF_TC_BODY(everybody_is_let_in_by_name_only, tc)
{
	static const char *const open[] = {"0.0.0.0/0", "::/0", "::ffff:0:0/96"};
	static const unsigned char ip[16] = {0x20, 0x01},
				   ip4[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff,
				       192, 0, 2, 1};
	size_t i;

	for (i = 0; i < sizeof open / sizeof *open; i++) {
		ATF_CHECK_EQ(CLIENT_RULE_OPEN, client_rule_matches(ip, open[i]));
		ATF_CHECK_EQ(CLIENT_RULE_OPEN, client_rule_matches(ip4, open[i]));
	}
	ATF_CHECK_EQ(1, client_rule_matches(ip4, "0.0.0.0/0 anybody"));
	ATF_CHECK_EQ(0, client_rule_matches(ip, "0.0.0.0/0 anybody"));
	ATF_CHECK_EQ(1, client_rule_matches(ip, "::/0\tanybody"));
	ATF_CHECK_EQ(1, client_rule_matches(ip4, "192.0.2.0/24"));
	ATF_CHECK_EQ(-1, client_rule_matches(ip4, "192.0.2.0/24 nobody"));
	ATF_CHECK_EQ(-1, client_rule_matches(ip4, "192.0.2.1/24"));

	ATF_REQUIRE_EQ(0, mkdir("control", 0700));
	atf_utils_create_file("control/relayclients", "0.0.0.0/0\n");
	ATF_CHECK_EQ(0, client_is_listed("relayclients", "192.0.2.1"));
	atf_utils_create_file("control/relayclients", "0.0.0.0/0 anybody\n");
	ATF_CHECK_EQ(1, client_is_listed("relayclients", "192.0.2.1"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, everybody_is_let_in_by_name_only);
	ATF_TP_ADD_TC(tp, networks_are_cut_to_their_bits);
	ATF_TP_ADD_TC(tp, a_client_is_what_its_variables_tell);
	ATF_TP_ADD_TC(tp, one_client_is_not_taken_for_another);
	ATF_TP_ADD_TC(tp, the_client_of_this_process_is_remembered);
	return atf_no_error();
}
