#ifndef FRONT_PEER_LIMITS_H
#define FRONT_PEER_LIMITS_H

/* What peer-limit does, as it is told by its options, in its own process or in
 * tcp-listen's. */

#define PEER_LIMITS_USAGE                                                                \
	"peer-limit [-q] [-p protocol] [-d folder] [-c connections] [-a connections] "   \
	"[-n connections] program [argument...]"

struct peer_limits_language;

struct peer_limits {
	const struct peer_limits_language *language;
	const char *folder;
	unsigned per_server; /* 0: any number, of the others, too */
	unsigned per_address;
	unsigned per_network;
};

/*
 * Take the options of peer-limit, whose words argv are.  Returns the index of the next
 * program, or -1 when they are wrong.
 */
int peer_limits_take_options(struct peer_limits *limits, int argc, char **argv);

/* Open the file of the places.  Its descriptor, or -1 after having logged why not. */
int peer_limits_open(const struct peer_limits *limits);

/* What the client is told when something is wrong with us, and when the server is full;
 * null: nothing. */
const char *peer_limits_trouble(const struct peer_limits *limits);
const char *peer_limits_server_reply(const struct peer_limits *limits);

/* Log that ip, which may be null, is refused for the sake of key. */
void peer_limits_log_refusal(const char *ip, const char *key);

/*
 * Take places of the address ip, which may be null, and of its network for this process,
 * in the file fd; or refuse the client on descriptor 1, and end.
 */
void peer_limits_take_peer(const struct peer_limits *limits, int fd, const char *ip);

#endif
