#include "lib/tlsa_record.h"
#include "lib/text.h"

#define DANE_TA 2
#define DANE_EE 3

/* May the data of this matching type have that length? */
static int
fits(unsigned type, size_t len)
{
	switch (type) {
	case 0: /* the whole of it */
		return len > 0 && len <= TLSA_RECORD_DATA_MAX;
	case 1: /* SHA-256 */
		return len == 32;
	case 2: /* SHA-512 */
		return len == 64;
	default:
		return 0;
	}
}

int
tlsa_record_put(stralloc *records, const unsigned char *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	char head[] = "0 0 0 ";
	size_t i;

	if (len < 3 || (data[0] != DANE_TA && data[0] != DANE_EE) || data[1] > 1 ||
	    !fits(data[2], len - 3))
		return 0;
	for (i = 0; i < 3; i++)
		head[2 * i] = digits[data[i]];
	text_catb(records, head, sizeof(head) - 1);
	for (i = 3; i < len; i++) {
		text_catb(records, &digits[data[i] >> 4], 1);
		text_catb(records, &digits[data[i] & 15], 1);
	}
	text_catb(records, "", 1);
	return 1;
}
