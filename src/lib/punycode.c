#include <string.h>

#include "lib/lower.h"
#include "lib/punycode.h"
#include "lib/utf8.h"

/* RFC 3492, 5 */
#define BASE 36
#define T_MIN 1
#define T_MAX 26
#define SKEW 38
#define DAMP 700
#define BIAS_FIRST 72
#define POINT_FIRST 128

#define POINT_LAST 0x10ffffUL
#define DELTA_MAX 0x7fffffffUL

static const char digits[] = "abcdefghijklmnopqrstuvwxyz0123456789";

static unsigned long
adapt(unsigned long delta, unsigned long points, int is_first)
{
	unsigned long k = 0;

	delta = is_first ? delta / DAMP : delta / 2;
	delta += delta / points;
	for (; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE)
		delta /= BASE - T_MIN;
	return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

static unsigned long
threshold(unsigned long k, unsigned long bias)
{
	if (k <= bias + T_MIN)
		return T_MIN;
	return k >= bias + T_MAX ? T_MAX : k - bias;
}

/* Append delta in digits of variable weight.  Returns the new length, or -1. */
static ssize_t
put_delta(char *out, ssize_t n, unsigned long delta, unsigned long bias)
{
	unsigned long k, t;

	for (k = BASE;; k += BASE) {
		if (n >= PUNYCODE_MAX)
			return -1;
		t = threshold(k, bias);
		if (delta < t)
			break;
		out[n++] = digits[t + (delta - t) % (BASE - t)];
		delta = (delta - t) / (BASE - t);
	}
	out[n++] = digits[delta];
	return n;
}

/* The code points of s[0..len): how many; -1 when they are too many. */
static ssize_t
split(unsigned long *points, const char *s, size_t len)
{
	ssize_t n = 0;
	size_t taken;

	for (; len > 0; s += taken, len -= taken) {
		if (n == PUNYCODE_MAX)
			return -1;
		points[n++] = utf8_first(s, len, &taken);
	}
	return n;
}

/* The least of the points that is not less than from. */
static unsigned long
find_next(const unsigned long *points, ssize_t n, unsigned long from)
{
	unsigned long least = POINT_LAST;
	ssize_t i;

	for (i = 0; i < n; i++)
		if (points[i] >= from && points[i] < least)
			least = points[i];
	return least;
}

ssize_t
punycode_encode(char *out, const char *s, size_t len)
{
	unsigned long points[PUNYCODE_MAX], m, from = POINT_FIRST, delta = 0;
	unsigned long bias = BIAS_FIRST;
	ssize_t n = split(points, s, len), basic = 0, done, put, i;

	for (i = 0; i < n; i++)
		if (points[i] < POINT_FIRST)
			out[basic++] = (char)points[i];
	if (n == -1 || basic >= PUNYCODE_MAX)
		return -1;
	done = put = basic;
	if (basic > 0)
		out[put++] = '-';
	for (; done < n; from = m + 1, delta++) {
		m = find_next(points, n, from);
		delta += (m - from) * (unsigned long)(done + 1);
		for (i = 0; i < n; i++) {
			if (points[i] < m)
				delta++;
			if (points[i] != m)
				continue;
			put = put_delta(out, put, delta, bias);
			if (put == -1)
				return -1;
			bias = adapt(delta, (unsigned long)done + 1, done == basic);
			delta = 0;
			done++;
		}
	}
	return put;
}

/* The value of a digit, or BASE. */
static unsigned long
value_of(char c)
{
	const char *p = c != '\0' ? strchr(digits, lower_char(c)) : NULL;

	return p != NULL ? (unsigned long)(p - digits) : BASE;
}

/* Take a number of digits of variable weight from s[*at..len).  Returns 0, or -1. */
static int
take_delta(
    unsigned long *delta, const char *s, size_t len, size_t *at, unsigned long bias)
{
	unsigned long k, t, digit, weight = 1;

	*delta = 0;
	for (k = BASE; *at < len; k += BASE) {
		digit = value_of(s[(*at)++]);
		if (digit == BASE || digit > (DELTA_MAX - *delta) / weight)
			return -1;
		*delta += digit * weight;
		t = threshold(k, bias);
		if (digit < t)
			return 0;
		if (weight > DELTA_MAX / (BASE - t))
			return -1;
		weight *= BASE - t;
	}
	return -1;
}

static ssize_t
join(char *out, const unsigned long *points, size_t n)
{
	size_t put = 0, i;

	for (i = 0; i < n; i++)
		put += utf8_put(out + put, points[i]);
	return utf8_is_sound(out, put) ? (ssize_t)put : -1;
}

ssize_t
punycode_decode(char *out, const char *s, size_t len)
{
	unsigned long points[PUNYCODE_MAX], point = POINT_FIRST, bias = BIAS_FIRST;
	unsigned long delta, where = 0;
	const char *hyphen = memrchr(s, '-', len);
	size_t n = 0, at, basic = hyphen != NULL ? (size_t)(hyphen - s) : 0;

	if (len > PUNYCODE_MAX)
		return -1;
	for (; n < basic; n++) {
		points[n] = (unsigned char)s[n];
		if (points[n] >= POINT_FIRST)
			return -1;
	}
	for (at = basic > 0 ? basic + 1 : 0; at < len; n++, where++) {
		if (n == PUNYCODE_MAX || take_delta(&delta, s, len, &at, bias) == -1)
			return -1;
		bias = adapt(delta, n + 1, n == basic);
		where += delta;
		point += where / (n + 1);
		where %= n + 1;
		if (point > POINT_LAST)
			return -1;
		memmove(
		    points + where + 1, points + where, (n - where) * sizeof(*points));
		points[where] = point;
	}
	return join(out, points, n);
}
