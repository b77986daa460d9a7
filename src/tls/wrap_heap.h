#ifndef TLS_WRAP_HEAP_H
#define TLS_WRAP_HEAP_H

/*
 * Take all free memory that lies between what is in use, and never give it back.  What a
 * copy of this process allocates then lies together behind it, on a dozen pages that are
 * its own at once, instead of in gaps on sixty others, each of which the kernel would
 * have to copy for it.
 */
void wrap_heap_fill(void);

#endif
