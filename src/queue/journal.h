#ifndef QUEUE_JOURNAL_H
#define QUEUE_JOURNAL_H

/* The journal of a queue file, read and appended to. */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "lib/outcome.h"

#define JOURNAL_LINE_MAX 1200 /* bytes of a journal line */

/*
 * The letters of the journal, queue(5): K delivered, Z not now, D refused, B reported to
 * the sender, W its delay reported; X removed, A sent to another address, N to be tried
 * now: the admin's hand. A line with another letter is from a later version, and is no
 * entry for us.
 */
#define JOURNAL_LETTERS "KZDBWXAN"

/*
 * One line of the journal, queue(5): what became of a recipient at one attempt.  status
 * and text point into the line.
 */
struct journal_entry {
	int64_t time; /* seconds since 1970 */
	char state;   /* one of JOURNAL_LETTERS */
	size_t index; /* of the recipient, from 0 */
	const char *status;
	size_t status_len;
	const char *text;
	size_t text_len;
};

/*
 * Read s[0..len), a line without its "\n".  Returns 1, or 0 when it is no entry, as what
 * a crash left behind may be.
 */
int journal_parse(struct journal_entry *entry, const char *s, size_t len);

/* The status of a D that follows from the Z before it. */
#define JOURNAL_EXPIRED "4.4.7"

/* Does this line tell of an attempt: of no report, decision to give up, admin's act? */
int journal_is_try(char state, const char *status, size_t status_len);

/*
 * Append a line to sa.  The text is made printable and cut to fit; a status that is none
 * is written as "-".  Dies with DEFER when memory is short.
 */
void journal_put(stralloc *sa, int64_t time, char state, size_t index, const char *status,
    const char *text);

/* The same for what became of a recipient at an attempt. */
void journal_put_outcome(
    stralloc *sa, int64_t time, size_t index, const struct outcome *o);

/*
 * Bytes that a journal about so many recipients has at most.  Who appends to a file need
 * not be who reads it: beyond that it is not read.
 */
uint64_t journal_most(size_t recipients);

/*
 * Read the journal, which begins at offset of fd and ends at size, in constant memory,
 * and call take for each entry.  Returns 1 when the journal ends with a whole line or is
 * empty, 0 when its last line is torn, -1 with errno.
 */
int journal_read(int fd, uint64_t offset, uint64_t size,
    void (*take)(void *context, const struct journal_entry *entry), void *context);

/*
 * Append lines[0..len) to the queue file path, after a "\n" when *torn: when its last
 * line has no end, as is told afterwards, too.  With sync they are on the disk then.  The
 * caller has locked the file.  Returns 0, or -1 with errno, and nothing was added but,
 * when *torn, perhaps a part.
 */
int journal_append(const char *path, int *torn, const char *lines, size_t len, int sync);

#endif
