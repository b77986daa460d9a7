#include <string.h>

#include <errmsg.h>

#include "admin/user_compare.h"
#include "control/text_file.h"
#include "lib/verdict.h"

#define CDB_HEADER 2048 /* 256 tables: where each begins, and its entries of 8 bytes */
#define CDB_ENTRY 8

/* Four bytes, the lowest first. */
static size_t
number_at(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;

	return u[0] | (size_t)u[1] << 8 | (size_t)u[2] << 16 | (size_t)u[3] << 24;
}

/* Does each table of the cdb s[0..len) lie within it?  Else it can't be searched. */
static int
is_searchable(const char *s, size_t len)
{
	size_t at, begin, entries;

	if (len < CDB_HEADER)
		return 0;
	for (at = 0; at < CDB_HEADER; at += CDB_ENTRY) {
		begin = number_at(s + at);
		entries = number_at(s + at + 4);
		if (begin < CDB_HEADER || begin > len ||
		    entries > (len - begin) / CDB_ENTRY)
			return 0;
	}
	return 1;
}

static void
read_file(struct text_file *file, const char *path)
{
	if (text_file_read(file, path) == -1)
		diesys(DEFER, "unable to read ", path);
}

void
user_compare(const struct user_files *files)
{
	struct text_file wanted = {0}, there = {0};
	size_t i;

	for (i = 0; i < sizeof files->compiled / sizeof *files->compiled; i++) {
		const struct new_file *made = &files->compiled[i];

		read_file(&wanted, made->tmp);
		read_file(&there, made->path);
		if (!there.was_there)
			carp(made->path, " is missing");
		else if (there.bytes.len == wanted.bytes.len &&
			 memcmp(there.bytes.s, wanted.bytes.s, wanted.bytes.len) == 0)
			continue;
		else if (!is_searchable(there.bytes.s, there.bytes.len))
			carp(made->path, " is damaged: no service can read it");
		else
			carp(made->path, ": warning: not what the text files say");
	}
}
