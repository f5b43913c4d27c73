#include <math.h>

#include "dt/pads.h"

enum { BACK = 256 }; /* strokes that may be held at a time: far more than dt_ghosts holds */

typedef struct keeper {
  dt_take* take;
  dt_ghosts* ghosts;
  int rate_hz;
  size_t put;      /* strokes given to the rules */
  bool kept[BACK]; /* of the last ones, a ring */
} keeper;

static dt_frame frame_of(const keeper* k, size_t stroke) {
  return llround(k->take->strokes.items[stroke].time_s * k->rate_hz);
}

static void keep(keeper* k, dt_frame at, int note) {
  const size_t from = k->put > BACK ? k->put - BACK : 0;
  for (size_t i = from; i < k->put; i++)
    if (!k->kept[i % BACK] && k->take->strokes.items[i].note == note && frame_of(k, i) == at) {
      k->kept[i % BACK] = true;
      return;
    }
}

static void keep_free(keeper* k, dt_frame now) {
  dt_frame at = 0;
  int note = 0;
  int velocity = 0;
  float openness = -1;
  while (dt_ghosts_next(k->ghosts, now, &at, &note, &velocity, &openness))
    keep(k, at, note);
}

size_t dt_ghosts_leave_out(dt_ghosts* ghosts, dt_take* take, int rate_hz) {
  keeper k = {.take = take, .ghosts = ghosts, .rate_hz = rate_hz};
  dt_stroke* items = take->strokes.items;
  const size_t count = take->strokes.count;
  size_t left = 0;
  /* A stroke is decided on once it is BACK - 1 strokes old: then its ring slot is needed again. */
  for (size_t i = 0; i < count + BACK; i++) {
    if (i >= BACK) {
      if (k.kept[i % BACK])
        items[left++] = items[i - BACK];
      k.kept[i % BACK] = false;
    }
    if (i >= count) {
      keep_free(&k, INT64_MAX - 1);
      continue;
    }
    const dt_stroke* stroke = &items[i];
    k.put = i + 1;
    if (stroke->note < 0 || stroke->note > 127) {
      k.kept[i % BACK] = true;
      continue;
    }
    keep_free(&k, frame_of(&k, i));
    dt_ghosts_put(ghosts, frame_of(&k, i), stroke->note, (int)lroundf(stroke->velocity),
                  stroke->openness);
    keep_free(&k, frame_of(&k, i));
  }
  take->strokes.count = left;
  return count - left;
}
