#include <stdatomic.h>
#include <sys/mman.h>

#include "accept/large_room.h"
#include "lib/envelope.h"

/* What parsing takes of memory at most for each byte: records of three, in an array that
 * is copied when it grows. */
#define FACTOR 16
#define MOST_OF_ONE ((size_t)FACTOR * ENVELOPE_MAX) /* the largest must fit */
#define MOST (2 * MOST_OF_ONE)

/* Who is killed takes his claim with him, for nothing is counted but what stands here. */
struct place {
	atomic_size_t claim;
	size_t user;
	int is_taken;
};

static struct place *places; /* shared with the children; null until it is needed */

size_t
large_room_take(size_t user)
{
	size_t i = 0;

	if (places == NULL) {
		places = mmap(NULL, LARGE_ROOM_PLACES * sizeof(*places),
		    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		if (places == MAP_FAILED) {
			places = NULL;
			return LARGE_ROOM_PLACES;
		}
	}
	while (i < LARGE_ROOM_PLACES && places[i].is_taken)
		i++;
	if (i == LARGE_ROOM_PLACES)
		return i;
	places[i].is_taken = 1;
	places[i].user = user;
	return i;
}

/* Two that come at a time may both be told that there is none. */
int
large_room_claim(size_t place, size_t len)
{
	size_t all = 0, own = 0, i, claim;

	atomic_store(&places[place].claim, FACTOR * len);
	for (i = 0; i < LARGE_ROOM_PLACES; i++) {
		claim = atomic_load(&places[i].claim);
		all += claim;
		if (places[i].user == places[place].user)
			own += claim;
	}
	if (all <= MOST && own <= MOST_OF_ONE)
		return 0;
	atomic_store(&places[place].claim, 0);
	return -1;
}

void
large_room_leave(size_t place)
{
	atomic_store(&places[place].claim, 0);
	places[place].is_taken = 0;
}
