#include "band_internal.h"

#include "dt/rt_poison.h" /* last: see there */

#define RAMP_STEP    ((dt__place)240 * DT__PLACES_PER_TICK) /* a sixteenth */
#define SLOWEST_NANO ((int64_t)DT__NANO)                    /* 1 bpm */
#define FASTEST_NANO ((int64_t)4000 * DT__NANO)

static dt__place ramp_edge(const dt__ramp* ramp, int64_t step) {
  return ramp->start + (dt__place)dt__floor_div((dt__wide)ramp->length * step, ramp->steps);
}

/* Straight line from 0 to `whole` at `part` of `whole`. */
static int64_t between(const dt__ramp* ramp, dt__wide part, dt__wide whole) {
  const dt__wide way = (dt__wide)ramp->to_nano_bpm - ramp->from_nano_bpm;
  return ramp->from_nano_bpm + (int64_t)dt__floor_div(way * part, whole);
}

/* From the place in the song to the place in the music. */
static dt__place song_origin(const dt__music* m) {
  return m->bar_place - m->start.song->bars[m->song_bar].place;
}

static dt__place song_next(const dt__music* m) {
  if (m->song_bar < 0 || m->tempo >= m->start.song->tempo_count)
    return INT64_MAX;
  return m->start.song->tempi[m->tempo].place + song_origin(m);
}

dt__place dt__tempo_next(const dt__music* m) {
  const dt__place ramp = m->ramp.length > 0 ? ramp_edge(&m->ramp, m->ramp.step + 1) : INT64_MAX;
  const dt__place song = song_next(m);
  return ramp < song ? ramp : song;
}

static void ramp_step(dt__music* m, dt__place place) {
  dt__ramp* ramp = &m->ramp;
  while (ramp->length > 0 && ramp_edge(ramp, ramp->step + 1) <= place) {
    ramp->step++;
    m->base_nano_bpm = between(ramp, 2 * ramp->step + 1, 2 * ramp->steps);
    if (ramp->step == ramp->steps) {
      m->base_nano_bpm = ramp->to_nano_bpm;
      ramp->length = 0;
    }
  }
}

void dt__tempo_step(dt__music* m, dt__place place) {
  ramp_step(m, place);
  while (song_next(m) <= place)
    m->tempo++;
}

/* The song's tempi keep their proportion to its first, which has become the base. */
int64_t dt__tempo_now(const dt__music* m) {
  if (m->start.song == NULL)
    return m->base_nano_bpm;
  const dt_band_song* song = m->start.song;
  const size_t tempo = m->song_bar < 0 ? song->bars[m->start.first_bar].tempo : m->tempo;
  const int64_t written = song->tempi[tempo > 0 ? tempo - 1 : 0].nano_bpm;
  const int64_t first = song->tempi[0].nano_bpm;
  const dt__wide now = dt__floor_div((dt__wide)m->base_nano_bpm * written, first);
  if (now < SLOWEST_NANO)
    return SLOWEST_NANO;
  return now > FASTEST_NANO ? FASTEST_NANO : (int64_t)now;
}

void dt__tempo_aim(dt__music* m, dt__place place, int64_t nano_bpm, dt__place length) {
  const dt__ramp* old = &m->ramp;
  const int64_t from =
      old->length > 0 ? between(old, place - old->start, old->length) : m->base_nano_bpm;
  m->ramp = (dt__ramp){.length = 0};
  m->base_nano_bpm = nano_bpm;
  if (length == 0)
    return;
  const int64_t steps = (length + RAMP_STEP - 1) / RAMP_STEP;
  m->ramp = (dt__ramp){place, length, steps, 0, from, nano_bpm};
  m->base_nano_bpm = between(&m->ramp, 1, 2 * steps);
}
