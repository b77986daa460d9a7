#ifndef ORIGIN_RESULTS_FIELD_H
#define ORIGIN_RESULTS_FIELD_H

/* The Authentication-Results field that we write: RFC 8601. */

#include <stddef.h>

#include <stralloc.h>

#define RESULTS_TEXT_MAX 200 /* bytes of a reason */

/* Append the beginning of one: "Authentication-Results: NAME".  Dies, as all that follow,
 * with DEFER when memory is short. */
void results_field_begin(stralloc *field, const char *name);

/* Append a method and its result: "spf", "pass". */
void results_field_method(stralloc *field, const char *method, const char *result);

/*
 * Append a property of the method: "header", "d", "example.com".  The value may be
 * anybody's: it is quoted where it has to be.  An empty one is left out.
 */
void results_field_property(
    stralloc *field, const char *type, const char *name, const char *value);

/* Append why it is so, a comment; nothing when text is null or empty. */
void results_field_reason(stralloc *field, const char *text);

/* Append its end; has_methods tells whether it has any. */
void results_field_end(stralloc *field, int has_methods);

#endif
