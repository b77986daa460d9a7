#ifndef LIB_PLACES_H
#define LIB_PLACES_H

/* Places that connections have, each a lock that ends with its process. */

#define PLACES_MAX 4096         /* of one address or network */
#define PLACES_SERVER_MAX 65536 /* of a server */

/*
 * Open the file path, made when it is not there, for as long as the process lasts; also
 * through exec, or with O_CLOEXEC for flags up to there.  Returns its descriptor, or -1
 * with errno.
 */
int places_open(const char *path, int flags);

/*
 * Take one of the places of key, a C string, of which there are limit.  Returns 1, 0 when
 * all are taken, -1 with errno.
 */
int places_take(int fd, const char *key, unsigned limit);

/*
 * What one more connection meets at a server that takes limit at once and has count of
 * them.  The last place is for being told that there is none.  Returns 1 or 2, 2 when
 * three quarters are taken; 0 when all are.
 */
int places_judge(unsigned count, unsigned limit);

/*
 * Take one of the places of the server whose child we are.  Returns what places_judge
 * says, -1 with errno.
 */
int places_take_server(int fd, unsigned limit);

#endif
