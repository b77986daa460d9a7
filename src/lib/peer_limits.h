#ifndef LIB_PEER_LIMITS_H
#define LIB_PEER_LIMITS_H

/* What peer-limit does, as it is told by its options, in its own process, in
 * tcp-listen's, or in that of a server. */

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

/*
 * Take the options of peer-limit out of one argument, which is changed; blanks are
 * between them.  Returns 0, or -1 when they are wrong.
 */
int peer_limits_take_words(struct peer_limits *limits, char *words);

/*
 * Take the options that the program argv has for this: it is peer-limit, or a server that
 * stands in for it, by its first option -l.  argv is changed.  Returns the index in it
 * from which it is the program without them, 0 when there are none, or -1 when they are
 * wrong.
 */
int peer_limits_take_over(struct peer_limits *limits, int argc, char **argv);

/*
 * Open the file of the places, as places_open.  Its descriptor, or -1 after having logged
 * why not.
 */
int peer_limits_open(const struct peer_limits *limits, int flags);

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

/*
 * All that peer-limit does: take places of the server whose child we are, of the address
 * $TCPREMOTEIP and of its network, for this process, also through exec unless flags are
 * O_CLOEXEC, and set or unset $SERVICE_BUSY; or tell the client why not, and end.
 */
void peer_limits_take_all(const struct peer_limits *limits, int flags);

/*
 * The same for a server, by options as peer_limits_take_words has them.  What is logged
 * has the name of peer-limit, as where it stands before the server.
 */
void peer_limits_stand_in(char *words);

#endif
