#include <netinet/in.h>
#include <string.h>

#include "lib/ip_families.h"

int
ip_families_parse(struct ip_families *f, const char *s, size_t len)
{
	const char *end = s + len;

	memset(f, 0, sizeof(*f));
	while (s < end) {
		int *has = NULL;

		if (end - s >= 4 && memcmp(s, "ipv4", 4) == 0)
			has = &f->has_ip4;
		else if (end - s >= 4 && memcmp(s, "ipv6", 4) == 0)
			has = &f->has_ip6;
		if (has == NULL || *has)
			return 0;
		*has = 1;
		f->ip6_first |= has == &f->has_ip6 && !f->has_ip4;
		s += 4;
		if (s < end && *s != ' ' && *s != '\t')
			return 0;
		while (s < end && (*s == ' ' || *s == '\t'))
			s++;
	}
	return f->has_ip4 || f->has_ip6;
}

static int
is_ip4(const unsigned char ip[16])
{
	return IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)ip);
}

static void
swap(unsigned char a[16], unsigned char b[16])
{
	unsigned char c[16];

	memcpy(c, a, 16);
	memcpy(a, b, 16);
	memcpy(b, c, 16);
}

/* Bring ip[from] to ip[to], which is before it; those between move up. */
static void
bring(unsigned char (*ip)[16], size_t to, size_t from)
{
	for (; from > to; from--)
		swap(ip[from], ip[from - 1]);
}

size_t
ip_families_sort(const struct ip_families *f, unsigned char (*ip)[16], size_t n)
{
	size_t i, k, left = 0;
	int wants_ip4;

	for (i = 0; i < n; i++)
		if (is_ip4(ip[i]) ? f->has_ip4 : f->has_ip6)
			memmove(ip[left++], ip[i], 16);
	wants_ip4 = !f->ip6_first;
	for (i = 0; i < left; i++, wants_ip4 = !wants_ip4) {
		for (k = i; k < left && is_ip4(ip[k]) != wants_ip4; k++)
			;
		if (k < left)
			bring(ip, i, k);
	}
	return left;
}
