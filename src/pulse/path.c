#include <math.h>

#include "track.h"

/* The cell of a frame and a length. */
static const dt__origin* origin_of(const dt__recorder* r, int frame, int length) {
  for (size_t k = r->first[frame]; k < r->first[frame + 1]; ++k) {
    if (r->origins[k].length == length) {
      return &r->origins[k];
    }
  }
  return NULL;
}

static int pattern_begun(int segment) {
  for (int p = 0; p < DT__PATTERNS; ++p) {
    if (dt__patterns[p].first == segment) {
      return p;
    }
  }
  return -1;
}

/* The segment before; false when the path begins here. */
static bool go_back(const dt__lattice* l, const dt__recorder* r, dt__place* at, bool* is_new) {
  const dt__origin* origin = origin_of(r, at->frame, at->length);
  *is_new = true;
  if (!origin) {
    return false;
  }
  int length = at->length + origin->step[at->segment];
  int end = at->frame;
  int segment;
  *is_new = origin->step[at->segment] == DT__RESTART;
  if (*is_new) {
    const dt__place* base = &r->base[at->frame];
    if (base->frame < 0) {
      return false;
    }
    length = base->length;
    end = base->frame;
    segment = base->segment;
  } else {
    const int p = pattern_begun(at->segment);
    segment = p >= 0 ? origin->last[p] : at->segment - 1;
  }
  at->frame = end - dt__segment_frames(l, length, segment);
  at->length = length;
  at->segment = segment;
  return at->frame >= 0;
}

static dt_status add(dt__step** steps, size_t* count, size_t* capacity,
                     const dt_allocator* allocator, dt__step step) {
  if (*count == *capacity) {
    const size_t grown = *capacity ? 2 * *capacity : 256;
    dt__step* moved =
        dt_resize(allocator, *steps, *capacity * sizeof(**steps), grown * sizeof(**steps));
    if (!moved) {
      return DT_NO_MEMORY;
    }
    *steps = moved;
    *capacity = grown;
  }
  (*steps)[(*count)++] = step;
  return DT_OK;
}

/* Between the end of what was before a jump and its landing the beats are carried on. */
static dt_status bridge(const dt__lattice* l, const dt__place* before, const dt__place* after,
                        dt__step** steps, size_t* count, size_t* capacity,
                        const dt_allocator* allocator) {
  const double end = before->frame + dt__segment_frames(l, before->length, before->segment);
  const double length = l->length[after->length];
  const double gap = after->frame - end;
  const int missing = (int)(gap / (0.5 * (length + l->length[before->length])) + 0.35);
  dt_status status = DT_OK;
  for (int k = 0; k < missing && status == DT_OK; ++k) {
    const double frame = after->frame - gap * (k + 1) / missing;
    status = add(steps, count, capacity, allocator, (dt__step){frame, -1, false});
  }
  return status;
}

dt_status dt__path(const dt__lattice* l, const dt__recorder* r, const dt__place* last,
                   const dt_allocator* allocator, dt__step** steps, size_t* count,
                   size_t* capacity) {
  dt__place at = *last;
  const double end = at.frame + dt__segment_frames(l, at.length, at.segment);
  dt_status status = add(steps, count, capacity, allocator, (dt__step){end, -1, false});
  for (bool goes_on = true; goes_on && status == DT_OK;) {
    const dt__place here = at;
    bool is_new = false;
    goes_on = go_back(l, r, &at, &is_new);
    status = add(steps, count, capacity, allocator, (dt__step){here.frame, here.segment, is_new});
    if (goes_on && is_new && status == DT_OK) {
      status = bridge(l, &at, &here, steps, count, capacity, allocator);
    }
  }
  for (size_t k = 0; k < *count / 2; ++k) {
    const dt__step swap = (*steps)[k];
    (*steps)[k] = (*steps)[*count - 1 - k];
    (*steps)[*count - 1 - k] = swap;
  }
  return status;
}
