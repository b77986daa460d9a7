#ifndef ORIGIN_REPORT_TABLE_H
#define ORIGIN_REPORT_TABLE_H

/* A report that somebody has sent, as a table for a terminal: RFC 9990, RFC 7489. */

#include <stddef.h>

#include <stralloc.h>

/*
 * Append the table of the report xml[0..len).  Returns null, or what is wrong with it, a
 * constant text.  Nothing of it but visible characters comes out.  Dies with DEFER when
 * memory is short.
 */
const char *report_table_put(stralloc *table, const char *xml, size_t len);

#endif
