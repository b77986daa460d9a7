#ifndef LIB_FORTIFY_H
#define LIB_FORTIFY_H

/*
 * What _FORTIFY_SOURCE is to glibc, for musl, whose headers know nothing of it: a call
 * that would write past the end of its buffer, as far as the compiler knows where that
 * is, ends the program (SIGILL) before it writes.  Included before every file of a small
 * program by conf-cc.  Each function keeps its name and its contract.
 */

#include <poll.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

/* Where the buffer ends is what the compiler can tell, at run time too; else (size_t)-1.
 */
#define FORTIFY_ROOM(p) __builtin_dynamic_object_size(p, 0)
#define FORTIFY_INLINE                                                                   \
	extern __inline __attribute__((gnu_inline, always_inline, artificial))
/* The function itself, under another name. */
#define FORTIFY_ORIGINAL(name) __typeof__(name) fortify_##name __asm__(#name)

FORTIFY_ORIGINAL(read);
FORTIFY_ORIGINAL(pread);
FORTIFY_ORIGINAL(recv);
FORTIFY_ORIGINAL(getrandom);
FORTIFY_ORIGINAL(poll);

FORTIFY_INLINE void
fortify_need(size_t room, size_t len)
{
	if (len > room)
		__builtin_trap();
}

FORTIFY_INLINE void *
memcpy(void *restrict to, const void *restrict from, size_t len)
{
	fortify_need(FORTIFY_ROOM(to), len);
	fortify_need(FORTIFY_ROOM(from), len);
	return __builtin_memcpy(to, from, len);
}

FORTIFY_INLINE void *
memmove(void *to, const void *from, size_t len)
{
	fortify_need(FORTIFY_ROOM(to), len);
	fortify_need(FORTIFY_ROOM(from), len);
	return __builtin_memmove(to, from, len);
}

FORTIFY_INLINE void *
memset(void *to, int c, size_t len)
{
	fortify_need(FORTIFY_ROOM(to), len);
	return __builtin_memset(to, c, len);
}

FORTIFY_INLINE char *
strcpy(char *restrict to, const char *restrict from)
{
	if (FORTIFY_ROOM(to) != (size_t)-1)
		fortify_need(FORTIFY_ROOM(to), __builtin_strlen(from) + 1);
	return __builtin_strcpy(to, from);
}

FORTIFY_INLINE char *
stpcpy(char *restrict to, const char *restrict from)
{
	if (FORTIFY_ROOM(to) != (size_t)-1)
		fortify_need(FORTIFY_ROOM(to), __builtin_strlen(from) + 1);
	return __builtin_stpcpy(to, from);
}

FORTIFY_INLINE char *
strcat(char *restrict to, const char *restrict from)
{
	if (FORTIFY_ROOM(to) != (size_t)-1)
		fortify_need(
		    FORTIFY_ROOM(to), __builtin_strlen(to) + __builtin_strlen(from) + 1);
	return __builtin_strcat(to, from);
}

FORTIFY_INLINE ssize_t
read(int fd, void *to, size_t len)
{
	fortify_need(FORTIFY_ROOM(to), len);
	return fortify_read(fd, to, len);
}

FORTIFY_INLINE ssize_t
pread(int fd, void *to, size_t len, off_t offset)
{
	fortify_need(FORTIFY_ROOM(to), len);
	return fortify_pread(fd, to, len, offset);
}

FORTIFY_INLINE ssize_t
recv(int fd, void *to, size_t len, int flags)
{
	fortify_need(FORTIFY_ROOM(to), len);
	return fortify_recv(fd, to, len, flags);
}

FORTIFY_INLINE ssize_t
getrandom(void *to, size_t len, unsigned flags)
{
	fortify_need(FORTIFY_ROOM(to), len);
	return fortify_getrandom(to, len, flags);
}

FORTIFY_INLINE int
poll(struct pollfd *list, nfds_t n, int timeout)
{
	fortify_need(FORTIFY_ROOM(list) / sizeof(*list), n);
	return fortify_poll(list, n, timeout);
}

#endif
