/*
 * What a milter wants: packets are taken apart, and the header stays one, of fields that
 * each begin with a name and go on in folded lines.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "milter/milter_edit.h"
#include "milter/milter_packet.h"

static void
check_header(const stralloc *header)
{
	size_t at = 0;
	const char *newline;

	while (at < header->len) {
		newline = memchr(header->s + at, '\n', header->len - at);
		if (newline == NULL || newline == header->s + at)
			abort(); /* a line without an end, or an empty one */
		at = (size_t)(newline - header->s) + 1;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct milter_edit zero;
	struct milter_edit *e = malloc(sizeof *e);
	char envelope[] = "Fa@b\0Pc=d\0Ne=f\0Tg@h\0Ti@j\0";
	stralloc header = {0}, out = {0};
	const char *s = (const char *)data, *packet;
	size_t packet_len;
	char command;
	long n;

	if (e == NULL)
		return 0;
	*e = zero;
	e->domain = len % 2 ? "mx.test" : NULL;
	milter_fields_append(&e->header, "Received: x\n", 12, 1);
	milter_fields_append(&e->header, "Subject: one\n two\n", 18, 0);
	while ((n = milter_packet_take(s, len, &command, &packet, &packet_len)) > 0) {
		milter_edit_note(e, command, packet, packet_len);
		s += n;
		len -= (size_t)n;
	}
	milter_fields_write(&e->header, &header);
	check_header(&header);
	milter_edit_put_envelope(e, &out, envelope, sizeof envelope);
	if (e->is_replaced && e->error == 0)
		spool_close(&e->body);
	milter_fields_free(&e->header);
	stralloc_free(&e->new_sender);
	stralloc_free(&e->added);
	stralloc_free(&e->deleted);
	stralloc_free(&e->quarantine);
	stralloc_free(&header);
	stralloc_free(&out);
	free(e);
	return 0;
}
