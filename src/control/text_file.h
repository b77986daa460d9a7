#ifndef CONTROL_TEXT_FILE_H
#define CONTROL_TEXT_FILE_H

/* Text files that an admin writes, read and written as lines. */

#include <stddef.h>

#include <stralloc.h>

/* A text file that an admin writes, whole in memory. */
struct text_file {
	const char *name; /* its path */
	stralloc bytes;
	int was_there;
};

/* A line of it that says something: neither empty nor beginning with '#'. */
struct text_line {
	const char *s; /* without newline and trailing blanks */
	size_t len;
	unsigned long number; /* from 1 */
	size_t start;         /* where it stands in the file's bytes */
	size_t end;           /* just past its newline */
};

/*
 * Read the file name, which may be missing (then empty).  Returns 0, or -1 with errno.
 * Dies with DEFER when memory is short.
 */
int text_file_read(struct text_file *file, const char *name);

/* The line after *line (zeroed for the first) into *line.  Returns 1, or 0 at the end. */
int text_file_next(const struct text_file *file, struct text_line *line);

/* Replace the bytes from start to end by s[0..len); dies with DEFER when memory is short.
 */
void text_file_splice(
    struct text_file *file, size_t start, size_t end, const char *s, size_t len);

/* Append s[0..len) as a line of its own; dies with DEFER when memory is short. */
void text_file_append(struct text_file *file, const char *s, size_t len);

/* Say on descriptor 2 what is wrong in a line: PROGRAM: NAME:NUMBER: WRONG. */
void text_file_complain(
    const char *name, unsigned long number, const char *wrong, const char *more);

#endif
