/* peer-limit: limit how many connections an address and its network have at a time. */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/home.h"
#include "lib/log.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "receive/chain.h"
#include "receive/client.h"

#define USAGE                                                                            \
	"peer-limit [-q] [-d folder] [-a connections] [-n connections] program "         \
	"[argument...]"
#define PLACES "places"
#define PLACES_MAX 4096 /* of one address or network */

#define REPLY_ADDRESS "421 4.7.0 too many connections from your address\r\n"
#define REPLY_NETWORK "421 4.7.0 too many connections from your network\r\n"

static int is_quiet;
static const char *folder = "peer";
static unsigned per_address = 20;
static unsigned per_network = 100;

static const char *
unless_quiet(const char *reply)
{
	return is_quiet ? NULL : reply;
}

/* Returns the index of the next program in argv. */
static int
take_options(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "+qd:a:n:")) != -1)
		if (option == 'q')
			is_quiet = 1;
		else if (option == 'd')
			folder = optarg;
		else if (option == 'a')
			per_address = chain_number(
			    unless_quiet(CHAIN_TROUBLE), USAGE, optarg, PLACES_MAX);
		else if (option == 'n')
			per_network = chain_number(
			    unless_quiet(CHAIN_TROUBLE), USAGE, optarg, PLACES_MAX);
		else
			chain_misuse(unless_quiet(CHAIN_TROUBLE), USAGE);
	if (optind >= argc)
		chain_misuse(unless_quiet(CHAIN_TROUBLE), USAGE);
	return optind;
}

/*
 * Locks of fcntl belong to the process: they last through exec, are not inherited by
 * children, and end with it however it ends.  The descriptor stays open for that.
 */
static int
open_places(void)
{
	stralloc path = {0};
	int fd;

	text_cat(&path, home_path(), "/state/", folder, "/" PLACES, NULL);
	text_terminate(&path);
	fd = open(path.s, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
	if (fd == -1)
		chain_fail(unless_quiet(CHAIN_TROUBLE), "open", path.s);
	return fd;
}

/*
 * A place is a byte of the file, which need not be there for being locked.  Each key has
 * PLACES_MAX of them, at an offset that 50 bits of its hash decide.
 */
static int
take_place(int fd, const char *key, unsigned limit)
{
	struct flock place = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
	off_t first = (off_t)(queueid_hash(key, 0) >> 14) * PLACES_MAX;
	unsigned i;

	for (i = 0; i < limit; i++) {
		place.l_start = first + i;
		if (fcntl(fd, F_SETLK, &place) == 0)
			return 1;
		if (errno != EACCES && errno != EAGAIN && errno != EINTR)
			chain_fail(unless_quiet(CHAIN_TROUBLE), "lock", PLACES);
	}
	return 0;
}

static void
refuse(const char *key, const char *reply)
{
	log_event(NULL, "refused", "code", "421", "reason", "too many connections",
	    "client", getenv("TCPREMOTEIP"), "peer", key, NULL);
	chain_end(unless_quiet(reply), DEFER);
}

int
main(int argc, char **argv)
{
	char key[CLIENT_NETWORK_MAX];
	const char *ip = getenv("TCPREMOTEIP");
	int fd, next;

	errmsg_iam("peer-limit");
	next = take_options(argc, argv);
	fd = open_places();
	if (!take_place(fd, client_network(key, ip, 32, 64), per_address))
		refuse(key, REPLY_ADDRESS);
	if (!take_place(fd, client_network(key, ip, 24, 48), per_network))
		refuse(key, REPLY_NETWORK);
	chain_exec(unless_quiet(CHAIN_TROUBLE), argv + next);
}
