#include <arpa/inet.h>
#include <atf-c.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/ip_connect.h"
#include "lib/ipaddress.h"

ATF_TC_WITHOUT_HEAD(reaches_who_listens_and_nobody_else);
ATF_TC_BODY(reaches_who_listens_and_nobody_else, tc)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM, 0), fd;
	unsigned char ip[16];

	ATF_REQUIRE(ipaddress_scan("127.0.0.1", ip));
	ATF_REQUIRE(bind(listener, (struct sockaddr *)&address, sizeof address) == 0);
	ATF_REQUIRE(getsockname(listener, (struct sockaddr *)&address, &len) == 0);
	/* nobody listens yet */
	ATF_CHECK_EQ(-1, ip_connect(ip, ntohs(address.sin_port), 5));
	ATF_CHECK_EQ(ECONNREFUSED, errno);
	ATF_REQUIRE(listen(listener, 1) == 0);
	fd = ip_connect(ip, ntohs(address.sin_port), 5);
	ATF_REQUIRE(fd != -1);
	close(fd);
	close(listener);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, reaches_who_listens_and_nobody_else);
	return atf_no_error();
}
