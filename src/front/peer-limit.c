/* peer-limit: limit how many connections a server, an address and its network have at a
 * time. */

#include <stdlib.h>

#include <errmsg.h>

#include "front/chain.h"
#include "front/peer_limits.h"
#include "front/places.h"
#include "lib/stranger.h"
#include "lib/verdict.h"

static struct peer_limits limits;

/* One of all connections of our server: those that come late have less patience. */
static void
take_server_place(int fd)
{
	int r = places_take_server(fd, limits.per_server);

	if (r == 0) {
		peer_limits_log_refusal(getenv("TCPREMOTEIP"), "any");
		chain_end(peer_limits_server_reply(&limits), DEFER);
	}
	if (r == -1)
		chain_fail(peer_limits_trouble(&limits), "lock", "places");
	if ((r == 2 ? setenv(STRANGER_BUSY, "1", 1) : unsetenv(STRANGER_BUSY)) == -1)
		chain_fail(peer_limits_trouble(&limits), "set", "the environment");
}

int
main(int argc, char **argv)
{
	int fd, next;

	errmsg_iam("peer-limit");
	next = peer_limits_take_options(&limits, argc, argv);
	if (next == -1)
		chain_misuse(peer_limits_trouble(&limits), PEER_LIMITS_USAGE);
	fd = peer_limits_open(&limits);
	if (fd == -1)
		chain_end(peer_limits_trouble(&limits), DEFER);
	if (limits.per_server > 0)
		take_server_place(fd);
	peer_limits_take_peer(&limits, fd, getenv("TCPREMOTEIP"));
	chain_exec(peer_limits_trouble(&limits), argv + next);
}
