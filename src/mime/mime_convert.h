#ifndef MIME_MIME_CONVERT_H
#define MIME_MIME_CONVERT_H

/* A message made fit for transports of 7-bit text, or of short lines. */

#include "mime/mime_entity.h"

#define MIME_CONVERT_DEPTH 50 /* of parts in parts: nobody writes more in good faith */

/*
 * Write the message s[0..len) to task->out, with the parts that need it in
 * quoted-printable or base64.  What a reader decodes from it stays the same.  Returns 0;
 * or -1 with reason when that can't be done, and what was written is to be forgotten
 * then. out.error is left to the caller.
 */
int mime_convert(struct mime_entity_task *task, const char *s, size_t len);

#endif
