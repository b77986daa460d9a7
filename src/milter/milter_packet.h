#ifndef MILTER_MILTER_PACKET_H
#define MILTER_MILTER_PACKET_H

/* The packets of the milter protocol, written and read. */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#define MILTER_PACKET_MAX 1048576 /* bytes that a milter may answer in one */
#define MILTER_PACKET_BODY 65535  /* bytes of a body's piece */
#define MILTER_PACKET_FIELD 64000 /* of a field: libmilter ends at packets over 65535 */
#define MILTER_PACKET_NAME 1000   /* of its name */

/* What the MTA says. */
#define MILTER_SAY_OPTIONS 'O'
#define MILTER_SAY_MACROS 'D'
#define MILTER_SAY_CONNECT 'C'
#define MILTER_SAY_HELO 'H'
#define MILTER_SAY_MAIL 'M'
#define MILTER_SAY_RCPT 'R'
#define MILTER_SAY_DATA 'T'
#define MILTER_SAY_HEADER 'L'
#define MILTER_SAY_HEADER_END 'N'
#define MILTER_SAY_BODY 'B'
#define MILTER_SAY_BODY_END 'E'
#define MILTER_SAY_ABORT 'A'
#define MILTER_SAY_QUIT 'Q'

/* What a milter answers: go on, or an end. */
#define MILTER_CONTINUE 'c'
#define MILTER_ACCEPT 'a'
#define MILTER_REJECT 'r'
#define MILTER_TEMPFAIL 't'
#define MILTER_DISCARD 'd'
#define MILTER_REPLY 'y'
#define MILTER_SKIP 's'
#define MILTER_PROGRESS 'p'
#define MILTER_SHUTDOWN '4'
#define MILTER_CONNECTION_FAIL 'f'

/* What it wants to have changed, at the end of the message. */
#define MILTER_ADD_HEADER 'h'
#define MILTER_INSERT_HEADER 'i'
#define MILTER_CHANGE_HEADER 'm'
#define MILTER_REPLACE_BODY 'b'
#define MILTER_ADD_RCPT '+'
#define MILTER_ADD_RCPT_PARAMETERS '2'
#define MILTER_DELETE_RCPT '-'
#define MILTER_CHANGE_SENDER 'e'
#define MILTER_QUARANTINE 'q'

/* Begin a packet at the end of sa; returns where, for milter_packet_end. */
size_t milter_packet_begin(stralloc *sa, char command);
void milter_packet_end(stralloc *sa, size_t at);

/* Append to a packet: a number of four bytes; a C string with its \0; bytes. */
void milter_packet_put_number(stralloc *sa, uint32_t n);
void milter_packet_put_string(stralloc *sa, const char *s);
void milter_packet_put(stralloc *sa, const char *s, size_t len);

/*
 * Is there a whole packet at the beginning of s[0..len)?  Its command and its data
 * then, which are in s.  Returns the bytes that it takes, 0 when more has to come, or -1
 * when it is empty or longer than MILTER_PACKET_MAX.
 */
long milter_packet_take(
    const char *s, size_t len, char *command, const char **data, size_t *data_len);

/* A place in a packet's data, which has s[0..len). */
struct milter_packet_reader {
	const char *s;
	size_t len;
};

/* The next number, or C string.  Returns 1, or 0 when there is none. */
int milter_packet_number(struct milter_packet_reader *r, uint32_t *n);
int milter_packet_string(struct milter_packet_reader *r, const char **s);

#endif
