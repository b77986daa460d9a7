/* peer-limit: limit how many connections a server, an address and its network have at a
 * time. */

#include <errmsg.h>

#include "front/chain.h"
#include "lib/peer_limits.h"

int
main(int argc, char **argv)
{
	struct peer_limits limits;
	int next;

	errmsg_iam("peer-limit");
	next = peer_limits_take_options(&limits, argc, argv);
	if (next == -1)
		chain_misuse(peer_limits_trouble(&limits), PEER_LIMITS_USAGE);
	peer_limits_take_all(&limits, 0);
	chain_exec(peer_limits_trouble(&limits), argv + next);
}
