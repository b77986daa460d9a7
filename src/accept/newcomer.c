#include <unistd.h>

#include "accept/newcomer.h"
#include "queue/place.h"

int
newcomer_is_there(const char *id)
{
	char path[PLACE_PATH_MAX];

	place_path(path, PLACE_NEW, id);
	if (access(path, F_OK) == 0)
		return 1;
	place_path(path, PLACE_JOURNAL, id);
	return access(path, F_OK) == 0;
}
