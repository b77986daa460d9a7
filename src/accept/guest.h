#ifndef ACCEPT_GUEST_H
#define ACCEPT_GUEST_H

/* The connections to queue.sock. */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <stralloc.h>

#include "lib/exchange.h"

#define GUEST_USERS 18 /* that may connect */

/* One of them. */
struct guest {
	struct guest *earlier, *later; /* by when they were heard last */
	int fd;                        /* -1: it has left, but an answer is on its way */
	uid_t uid;
	size_t user;     /* a number below GUEST_USERS for it, 0 until it is set */
	unsigned events; /* that epoll looks for */
	int64_t heard;   /* milliseconds: when it was heard last */
	struct exchange exchange;
	stralloc rest; /* has come, and is not looked at while the guest waits */
	stralloc out;  /* is to be sent */
	int owed;      /* answers of the batch in the making that it waits for */
	int stalled;   /* its message waits for room */
	int queued;    /* its large message waits for a child */
	int whole;     /* and has come wholly */
	int blocked;   /* what it is to be sent waits until it takes more */
	pid_t child;   /* that takes its message, or 0 */
	size_t place;  /* of that child: large_room */
	char large[QUEUEID_LEN + 1];  /* the ID of that, or empty */
	char sought[QUEUEID_LEN + 1]; /* it waits until this one is a file; or empty */
	int64_t patience;             /* milliseconds: not longer than that */
};

/* All of them.  Zeroed to begin with. */
struct guest_list {
	int epoll;
	struct guest *first, *last;
	struct guest *gone; /* to be buried */
	size_t count;
	size_t children; /* guests with one, and those of each user: */
	size_t children_of[GUEST_USERS];
};

/* A new one, whom fd leads to.  Returns null with errno when epoll won't have it. */
struct guest *guest_add(struct guest_list *gs, int fd, uid_t uid, int64_t now);

/*
 * End the connection.  Who still waits for an answer of the batch stays until it comes,
 * the others until they are buried.
 */
void guest_leave(struct guest_list *gs, struct guest *g);

/* An answer that it waited for is there. */
void guest_release(struct guest_list *gs, struct guest *g);

/* Free all who have left: when nobody knows of them any more. */
void guest_bury(struct guest_list *gs);

/* A child has the connection now, and only that.  Then it is ours again: 0, or -1. */
void guest_lend(struct guest_list *gs, struct guest *g, pid_t child);
int guest_regain(struct guest_list *gs, struct guest *g);

/* Something has come from it. */
void guest_heard(struct guest_list *gs, struct guest *g, int64_t now);

/* Is it waiting, so that nothing more is taken from it? */
int guest_waits(const struct guest *g);

/* Is it between two exchanges? */
int guest_is_idle(const struct guest *g);

/* Let epoll look for what there is to do. */
void guest_watch(struct guest_list *gs, struct guest *g);

/* Say the netstring of s[0..len), at once or as soon as it can be sent. */
void guest_say(struct guest_list *gs, struct guest *g, const char *s, size_t len);

/* The same of a C string. */
void guest_tell(struct guest_list *gs, struct guest *g, const char *s);

/* Send what can be sent now.  Returns 0, or -1 when the connection is of no use. */
int guest_flush(struct guest *g);

#endif
