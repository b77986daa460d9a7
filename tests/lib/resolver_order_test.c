#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/resolver_order.h"

static ares_channel channel;

static void
begin(const char *servers)
{
	ATF_REQUIRE_EQ(ARES_SUCCESS, ares_library_init(ARES_LIB_INIT_ALL));
	ATF_REQUIRE_EQ(ARES_SUCCESS, ares_init(&channel));
	ATF_REQUIRE_EQ(ARES_SUCCESS, ares_set_servers_ports_csv(channel, servers));
}

/* The last digits of the servers' addresses, in the order in which they are asked. */
static const char *
order(void)
{
	static char s[20];
	struct ares_addr_port_node *list, *server;
	char text[INET6_ADDRSTRLEN];
	size_t n = 0;

	ATF_REQUIRE_EQ(ARES_SUCCESS, ares_get_servers_ports(channel, &list));
	for (server = list; server != NULL; server = server->next) {
		ATF_REQUIRE(inet_ntop(server->family, &server->addr, text, sizeof(text)));
		s[n++] = text[strlen(text) - 1];
	}
	s[n] = '\0';
	ares_free_data(list);
	return s;
}

#define SERVERS "127.0.0.1:5301,127.0.0.2:5301,[::3]:5301,127.0.0.4:5301"

ATF_TC_WITHOUT_HEAD(the_silent_ones_come_last);
ATF_TC_BODY(the_silent_ones_come_last, tc)
{
	begin(SERVERS);
	resolver_order(channel);
	ATF_CHECK_STREQ("1234", order());
	resolver_order_silent(channel, 0);
	ATF_CHECK_STREQ("1234", order());
	resolver_order_silent(channel, 1);
	ATF_CHECK_STREQ("2341", order());
	resolver_order_silent(channel, 2);
	ATF_CHECK_STREQ("4231", order());
	/* in the process: another channel knows it, too */
	begin(SERVERS);
	resolver_order(channel);
	ATF_CHECK_STREQ("4123", order());
}

ATF_TC_WITHOUT_HEAD(from_a_silence_of_all_nothing_is_learned);
ATF_TC_BODY(from_a_silence_of_all_nothing_is_learned, tc)
{
	begin(SERVERS);
	resolver_order_silent(channel, 4);
	ATF_CHECK_STREQ("1234", order());
	resolver_order_silent(channel, 5);
	ATF_CHECK_STREQ("1234", order());
}

ATF_TC_WITHOUT_HEAD(a_port_is_a_server_of_its_own);
ATF_TC_BODY(a_port_is_a_server_of_its_own, tc)
{
	begin("127.0.0.1:5301,127.0.0.2:5301");
	resolver_order_silent(channel, 1);
	begin("127.0.0.1:5302,127.0.0.2:5301,127.0.0.1:5301");
	resolver_order(channel);
	ATF_CHECK_STREQ("121", order());
	begin("127.0.0.1:5301,127.0.0.2:5301");
	resolver_order(channel);
	ATF_CHECK_STREQ("21", order());
}

ATF_TC_WITHOUT_HEAD(who_refuses_comes_last);
ATF_TC_BODY(who_refuses_comes_last, tc)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(5301)};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	begin(SERVERS);
	/* one that is not connected to any tells nothing */
	resolver_order_refused(fd);
	resolver_order(channel);
	ATF_CHECK_STREQ("1234", order());
	ATF_REQUIRE_EQ(0, connect(fd, (struct sockaddr *)&in, sizeof(in)));
	resolver_order_refused(fd);
	ATF_CHECK_STREQ("1234", order());
	resolver_order(channel);
	ATF_CHECK_STREQ("2341", order());
	close(fd);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_silent_ones_come_last);
	ATF_TP_ADD_TC(tp, from_a_silence_of_all_nothing_is_learned);
	ATF_TP_ADD_TC(tp, a_port_is_a_server_of_its_own);
	ATF_TP_ADD_TC(tp, who_refuses_comes_last);
	return atf_no_error();
}
