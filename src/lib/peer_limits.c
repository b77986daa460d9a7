#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "lib/client.h"
#include "lib/farewell.h"
#include "lib/home.h"
#include "lib/log.h"
#include "lib/peer_limits.h"
#include "lib/places.h"
#include "lib/stranger.h"
#include "lib/text.h"
#include "lib/variable.h"
#include "lib/verdict.h"

#define NAME "peer-limit"
#define PLACES "places"
#define WORDS_MAX 32 /* of the options; each is at most two */
#define NONE "0"     /* connections: any number */

/* What the client is told, by the protocol that it speaks. */
struct peer_limits_language {
	const char *protocol;
	const char *trouble;
	const char *server;
	const char *address;
	const char *network;
};

static const struct peer_limits_language languages[] = {
    {"smtp", FAREWELL_TROUBLE, "421 4.3.2 too many connections, try again later\r\n",
	"421 4.7.0 too many connections from your address\r\n",
	"421 4.7.0 too many connections from your network\r\n"},
    {"pop3", "-ERR [SYS/TEMP] unable to serve you now, try again later\r\n",
	"-ERR [SYS/TEMP] too many connections, try again later\r\n",
	"-ERR [SYS/TEMP] too many connections from your address\r\n",
	"-ERR [SYS/TEMP] too many connections from your network\r\n"},
    {"none", NULL, NULL, NULL, NULL}, /* one in which nothing can be said yet */
};
#define LANGUAGES (sizeof languages / sizeof *languages)

static const struct peer_limits without_options = {languages, "peer", 0, 20, 100};

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

/* Returns the index of the first word that is no option, or -1 when they are wrong. */
static int
take_options(struct peer_limits *limits, int argc, char **argv)
{
	int option, good = 1, has_network = 0;

	*limits = without_options;
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
	return good ? optind : -1;
}

int
peer_limits_take_options(struct peer_limits *limits, int argc, char **argv)
{
	int next = take_options(limits, argc, argv);

	return next < argc ? next : -1;
}

int
peer_limits_take_words(struct peer_limits *limits, char *words)
{
	char name[] = NAME, *argv[WORDS_MAX + 2] = {name}, *word, *rest;
	int argc = 1;

	for (word = strtok_r(words, " \t", &rest); word != NULL;
	     word = strtok_r(NULL, " \t", &rest)) {
		if (argc > WORDS_MAX) {
			*limits = without_options;
			return -1;
		}
		argv[argc++] = word;
	}
	return take_options(limits, argc, argv) == argc ? 0 : -1;
}

int
peer_limits_take_over(struct peer_limits *limits, int argc, char **argv)
{
	if (strcmp(argv[0], NAME) == 0)
		return peer_limits_take_options(limits, argc, argv);
	if (argc < 3 || strcmp(argv[1], "-l") != 0 ||
	    (strcmp(argv[0], "smtp-recv") != 0 && strcmp(argv[0], "pop3-login") != 0))
		return 0;
	if (peer_limits_take_words(limits, argv[2]) == -1)
		return -1;
	argv[2] = argv[0];
	return 2;
}

int
peer_limits_open(const struct peer_limits *limits, int flags)
{
	static stralloc path; /* giving it back costs more than it is worth */
	int fd;

	path.len = 0;
	text_cat(&path, home_path(), "/state/", limits->folder, "/" PLACES, (char *)NULL);
	text_terminate(&path);
	fd = places_open(path.s, flags);
	if (fd == -1)
		carpsys("unable to open ", path.s);
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
		farewell_end(reply, DEFER);
	}
	if (r == -1)
		farewell_fail(peer_limits_trouble(limits), "lock", PLACES);
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

/* One of all connections of our server: those that come late have less patience. */
static void
take_server_place(const struct peer_limits *limits, int fd)
{
	int r = places_take_server(fd, limits->per_server);

	if (r == 0) {
		peer_limits_log_refusal(variable_own("TCPREMOTEIP"), "any");
		farewell_end(peer_limits_server_reply(limits), DEFER);
	}
	if (r == -1)
		farewell_fail(peer_limits_trouble(limits), "lock", PLACES);
	if ((r == 2 ? setenv(STRANGER_BUSY, "1", 1) : unsetenv(STRANGER_BUSY)) == -1)
		farewell_fail(peer_limits_trouble(limits), "set", "the environment");
}

void
peer_limits_take_all(const struct peer_limits *limits, int flags)
{
	int fd = peer_limits_open(limits, flags);

	if (fd == -1)
		farewell_end(peer_limits_trouble(limits), DEFER);
	if (limits->per_server > 0)
		take_server_place(limits, fd);
	peer_limits_take_peer(limits, fd, variable_own("TCPREMOTEIP"));
}

void
peer_limits_stand_in(char *words)
{
	const char *own = argv0;
	struct peer_limits limits;

	errmsg_iam(NAME);
	if (peer_limits_take_words(&limits, words) == -1) {
		carp("usage: " PEER_LIMITS_USAGE);
		farewell_end(peer_limits_trouble(&limits), DEFER);
	}
	/* the locks are none of our children's */
	peer_limits_take_all(&limits, O_CLOEXEC);
	errmsg_iam(own);
}
