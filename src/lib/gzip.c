#include <limits.h>
#include <string.h>

#include <zlib.h>

#include "lib/gzip.h"
#include "lib/text.h"

#define BLOCK 65536
#define WINDOW 15 /* the largest: 2 to that many bytes */
#define AS_GZIP 16

int
gzip_pack(stralloc *out, const char *s, size_t len)
{
	z_stream z = {0};
	char block[BLOCK];
	int r = Z_OK;

	if (len > UINT_MAX || deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED,
				  WINDOW + AS_GZIP, 9, Z_DEFAULT_STRATEGY) != Z_OK)
		return -1;
	z.next_in = (Bytef *)s;
	z.avail_in = (uInt)len;
	while (r == Z_OK) {
		z.next_out = (Bytef *)block;
		z.avail_out = sizeof block;
		r = deflate(&z, Z_FINISH);
		text_catb(out, block, sizeof block - z.avail_out);
	}
	deflateEnd(&z);
	return r == Z_STREAM_END ? 0 : -1;
}

int
gzip_unpack(stralloc *out, const char *s, size_t len, int is_raw, size_t max)
{
	z_stream z = {0};
	char block[BLOCK];
	size_t begin = out->len;
	int r = Z_OK;

	if (len > UINT_MAX ||
	    inflateInit2(&z, is_raw ? -WINDOW : WINDOW + AS_GZIP) != Z_OK)
		return -1;
	z.next_in = (Bytef *)s;
	z.avail_in = (uInt)len;
	while (r == Z_OK && out->len - begin <= max) {
		z.next_out = (Bytef *)block;
		z.avail_out = sizeof block;
		r = inflate(&z, Z_NO_FLUSH);
		text_catb(out, block, sizeof block - z.avail_out);
	}
	inflateEnd(&z);
	return r == Z_STREAM_END && out->len - begin <= max ? 0 : -1;
}
