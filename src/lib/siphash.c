#include <endian.h>
#include <string.h>

#include "lib/siphash.h"

struct state {
	uint64_t v[4];
};

static uint64_t
rotate(uint64_t n, int bits)
{
	return n << bits | n >> (64 - bits);
}

static void
mix(struct state *x, int rounds)
{
	uint64_t *v = x->v;

	while (rounds-- > 0) {
		v[0] += v[1];
		v[1] = rotate(v[1], 13) ^ v[0];
		v[0] = rotate(v[0], 32);
		v[2] += v[3];
		v[3] = rotate(v[3], 16) ^ v[2];
		v[0] += v[3];
		v[3] = rotate(v[3], 21) ^ v[0];
		v[2] += v[1];
		v[1] = rotate(v[1], 17) ^ v[2];
		v[2] = rotate(v[2], 32);
	}
}

/* The bytes s[0..len), fewer than eight, the first the lowest. */
static uint64_t
word(const char *s, size_t len)
{
	uint64_t n = 0;

	while (len-- > 0)
		n = n << 8 | (unsigned char)s[len];
	return n;
}

static void
take(struct state *x, uint64_t n)
{
	x->v[3] ^= n;
	mix(x, 2);
	x->v[0] ^= n;
}

uint64_t
siphash(const uint64_t key[2], const char *s, size_t len)
{
	struct state x = {{key[0] ^ 0x736f6d6570736575u, key[1] ^ 0x646f72616e646f6du,
	    key[0] ^ 0x6c7967656e657261u, key[1] ^ 0x7465646279746573u}};
	size_t at;

	for (at = 0; len - at >= 8; at += 8) {
		uint64_t n;

		memcpy(&n, s + at, 8);
		take(&x, le64toh(n));
	}
	take(&x, word(s + at, len - at) | (uint64_t)len << 56);
	x.v[2] ^= 0xff;
	mix(&x, 4);
	return x.v[0] ^ x.v[1] ^ x.v[2] ^ x.v[3];
}
