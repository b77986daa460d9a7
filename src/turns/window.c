#include "turns/window.h"

static size_t
size(const struct window *w)
{
	return w->size ? w->size : WINDOW_START;
}

size_t
window_size(const struct window *w, size_t most)
{
	return size(w) < most ? size(w) : most;
}

static void
end_one(struct window *w)
{
	if (w->recovering > 0)
		--w->recovering;
}

void
window_succeed(struct window *w, size_t waiting, size_t most)
{
	end_one(w);
	w->streak = 0;
	if (waiting == 0 || size(w) >= most)
		return;
	if (w->threshold && size(w) >= w->threshold && ++w->credit < size(w))
		return;
	w->size = size(w) + 1;
	w->credit = 0;
}

int
window_fail(struct window *w, size_t running)
{
	if (w->streak++ == 0)
		w->cohort = running;
	if (w->recovering == 0) {
		w->size = w->threshold = running > 1 ? running / 2 : 1;
		w->credit = 0;
		w->recovering = running;
	}
	end_one(w);
	return w->streak >= w->cohort;
}
