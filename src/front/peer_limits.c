#include <string.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "front/chain.h"
#include "front/peer_limits.h"
#include "front/places.h"
#include "lib/client.h"
#include "lib/home.h"
#include "lib/log.h"
#include "lib/text.h"
#include "lib/verdict.h"

#define PLACES "places"
#define NONE "0" /* connections: any number */

/* What the client is told, by the protocol that it speaks. */
struct peer_limits_language {
	const char *protocol;
	const char *trouble;
	const char *server;
	const char *address;
	const char *network;
};

static const struct peer_limits_language languages[] = {
    {"smtp", CHAIN_TROUBLE, "421 4.3.2 too many connections, try again later\r\n",
	"421 4.7.0 too many connections from your address\r\n",
	"421 4.7.0 too many connections from your network\r\n"},
    {"pop3", "-ERR [SYS/TEMP] unable to serve you now, try again later\r\n",
	"-ERR [SYS/TEMP] too many connections, try again later\r\n",
	"-ERR [SYS/TEMP] too many connections from your address\r\n",
	"-ERR [SYS/TEMP] too many connections from your network\r\n"},
    {"none", NULL, NULL, NULL, NULL}, /* one in which nothing can be said yet */
};
#define LANGUAGES (sizeof languages / sizeof *languages)

/* Returns 0 when nobody speaks that. */
static int
choose_language(struct peer_limits *limits, const char *protocol)
{
	size_t i;

	for (i = 0; i < LANGUAGES; i++)
		if (strcmp(languages[i].protocol, protocol) == 0) {
			limits->language = &languages[i];
			return 1;
		}
	return 0;
}

/* The number of an option, at most max; 0 when it is none. */
static int
take_number(unsigned *n, const char *s, unsigned max)
{
	unsigned long long number;

	if (!text_number(s, strlen(s), max, &number) ||
	    (number == 0 && strcmp(s, NONE) != 0))
		return 0;
	*n = (unsigned)number;
	return 1;
}

int
peer_limits_take_options(struct peer_limits *limits, int argc, char **argv)
{
	int option, good = 1, has_network = 0;

	*limits = (struct peer_limits){languages, "peer", 0, 20, 100};
	optind = 0; /* others may have had options before */
	while (good && (option = getopt(argc, argv, "+qp:d:c:a:n:")) != -1)
		if (option == 'q')
			good = choose_language(limits, "none");
		else if (option == 'p')
			good = choose_language(limits, optarg);
		else if (option == 'd')
			limits->folder = optarg;
		else if (option == 'c')
			good =
			    take_number(&limits->per_server, optarg, PLACES_SERVER_MAX);
		else if (option == 'a')
			good = take_number(&limits->per_address, optarg, PLACES_MAX);
		else if (option == 'n')
			good = has_network =
			    take_number(&limits->per_network, optarg, PLACES_MAX);
		else
			good = 0;
	if (limits->per_address == 0 && !has_network)
		limits->per_network = 0;
	return good && optind < argc ? optind : -1;
}

int
peer_limits_open(const struct peer_limits *limits)
{
	stralloc path = {0};
	int fd;

	text_cat(&path, home_path(), "/state/", limits->folder, "/" PLACES, (char *)NULL);
	text_terminate(&path);
	fd = places_open(path.s);
	if (fd == -1)
		carpsys("unable to open ", path.s);
	stralloc_free(&path);
	return fd;
}

const char *
peer_limits_trouble(const struct peer_limits *limits)
{
	return limits->language != NULL ? limits->language->trouble : NULL;
}

const char *
peer_limits_server_reply(const struct peer_limits *limits)
{
	return limits->language->server;
}

void
peer_limits_log_refusal(const char *ip, const char *key)
{
	log_event(NULL, "refused", "code", "421", "reason", "too many connections",
	    "client", ip, "peer", key, (char *)NULL);
}

static void
take_place(const struct peer_limits *limits, int fd, const char *ip, const char *key,
    unsigned limit, const char *reply)
{
	int r = limit > 0 ? places_take(fd, key, limit) : 1;

	if (r == 0) {
		peer_limits_log_refusal(ip, key);
		chain_end(reply, DEFER);
	}
	if (r == -1)
		chain_fail(peer_limits_trouble(limits), "lock", PLACES);
}

void
peer_limits_take_peer(const struct peer_limits *limits, int fd, const char *ip)
{
	char key[CLIENT_NETWORK_MAX];

	take_place(limits, fd, ip, client_network(key, ip, 32, 64), limits->per_address,
	    limits->language->address);
	take_place(limits, fd, ip, client_network(key, ip, 24, 48), limits->per_network,
	    limits->language->network);
}
