#include <string.h>

#include "inspect/edit_ids.h"
#include "lib/heap.h"

void
edit_ids_put(struct edit_ids *list, const char *id)
{
	list->ids = heap_grow(list->ids, list->count, sizeof *list->ids);
	memcpy(list->ids[list->count++], id, QUEUEID_LEN + 1);
}
