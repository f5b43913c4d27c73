#include <math.h>
#include <time.h>

#include "feeder_internal.h"
#include "priority.h"

static void nap_us(long us) {
  nanosleep(&(struct timespec){.tv_nsec = us * 1000}, NULL);
}

/* ---- rendering ---- */

/* A note's sound comes one frame after its message (lanes.h): it is sent one frame early. */
static dt_frame sent_at(dt_frame frame) {
  return frame > 0 ? frame - 1 : 0;
}

/* The lock is held. False: there is nothing to do. */
static bool render_chunk(dt__feeder* f) {
  if (!f->line || f->at >= f->end || dt_ring_waiting(f->ring) >= f->ahead)
    return false;
  dt__chunk chunk = {.number = f->number, .generation = atomic_load(&f->generation), .at = f->at};
  const dt_frame until = f->at + DT__LANE_BLOCK;
  dt_backing_message m;
  while (sent_at(dt_backing_due(f->line)) < until && dt_backing_next(f->line, &m)) {
    const dt_frame offset = sent_at(m.frame) - f->at;
    dt__lanes_message(f->lanes, offset > 0 ? (int)offset : 0, m.status, m.data1, m.data2);
  }
  dt__lanes_render(f->lanes, chunk.samples);
  atomic_store(&f->inexact, (uint64_t)dt__lanes_inexact(f->lanes));
  (void)dt_ring_write(f->ring, &chunk); /* there is room: see above */
  f->at = until;
  return true;
}

void dt__feeder_fill(dt__feeder* feeder) {
  pthread_mutex_lock(&feeder->lock);
  while (render_chunk(feeder)) {
  }
  pthread_mutex_unlock(&feeder->lock);
}

/* A chunk at a time, so that whoever tells of a take need not wait for a full ring. */
static void* feed(void* context) {
  dt__feeder* f = context;
  (void)dt__priority_raise(); /* for good: the thread is its own */
  while (!atomic_load(&f->stop)) {
    while (atomic_load(&f->knocks) > 0)
      nap_us(50);
    pthread_mutex_lock(&f->lock);
    const bool has_rendered = render_chunk(f);
    pthread_mutex_unlock(&f->lock);
    if (!has_rendered)
      nap_us(2000);
  }
  return NULL;
}

static void enter(dt__feeder* f) {
  atomic_fetch_add(&f->knocks, 1);
  pthread_mutex_lock(&f->lock);
  atomic_fetch_sub(&f->knocks, 1);
}

static void leave(dt__feeder* f) {
  pthread_mutex_unlock(&f->lock);
}

/* ---- what is told ---- */

void dt__feeder_take(dt__feeder* f, const dt_lead* lead, int chart_bars, int64_t number) {
  const dt_backing_how how = {.rate_hz = f->config.rate_hz,
                              .count_in_bars = lead->ask.count_in_bars,
                              .chart_bars = chart_bars,
                              .from_bar = lead->ask.from_bar};
  dt_backing_line* line = NULL;
  if (dt_backing_lay(&line, f->allocator, f->config.backing, lead->part, &how) != DT_OK)
    atomic_fetch_add(&f->lost_takes, 1);
  enter(f);
  dt_backing_line* before = f->line;
  f->line = line;
  f->number = number;
  f->at = 0;
  f->end = line ? dt_backing_end(line) : 0;
  dt__lanes_reset(f->lanes);
  leave(f);
  dt_backing_line_free(before);
}

/* What was rendered with the old tempo is void; what sounds there is cut. */
void dt__feeder_tempo(dt__feeder* f, int bar, double bpm) {
  enter(f);
  if (f->line) {
    const dt_frame from = dt_backing_tempo(f->line, bar, bpm);
    f->end = dt_backing_end(f->line);
    if (from < f->at) {
      dt__lanes_reset(f->lanes);
      f->at = from;
      atomic_fetch_add(&f->generation, 1);
    }
  }
  leave(f);
}

void dt__feeder_stop(dt__feeder* f) {
  enter(f);
  f->end = 0;
  leave(f);
}

/* ---- making ---- */

dt_status dt__feeder_new(dt__feeder** out, const dt_allocator* allocator,
                         const dt__feeder_config* config, dt_error* err) {
  *out = NULL;
  dt__feeder* f = dt_alloc_zero(allocator, sizeof *f);
  if (!f)
    return dt_fail(err, DT_NO_MEMORY, "No memory for the band");
  f->allocator = allocator;
  f->config = *config;
  f->pulled.number = f->pulled.played = -1;
  pthread_mutex_init(&f->lock, NULL);
  f->ahead = (uint32_t)ceil(config->ahead_s * config->rate_hz / DT__LANE_BLOCK);
  f->ring = dt_ring_new(allocator, f->ahead, sizeof(dt__chunk));
  dt_status status =
      f->ring ? dt__lanes_new(&f->lanes, allocator, config->soundfont, config->rate_hz, err)
              : dt_fail(err, DT_NO_MEMORY, "No memory for the band");
  if (status == DT_OK && !config->is_stepped) {
    f->has_thread = pthread_create(&f->thread, NULL, feed, f) == 0;
    if (!f->has_thread)
      status = dt_fail(err, DT_NO_MEMORY, "No thread can be made for the band");
  }
  if (status != DT_OK) {
    dt__feeder_free(f);
    return status;
  }
  *out = f;
  return DT_OK;
}

void dt__feeder_free(dt__feeder* f) {
  if (!f)
    return;
  atomic_store(&f->stop, true);
  if (f->has_thread)
    pthread_join(f->thread, NULL);
  dt_backing_line_free(f->line);
  dt__lanes_free(f->lanes);
  dt_ring_free(f->ring);
  pthread_mutex_destroy(&f->lock);
  dt_release(f->allocator, f, sizeof *f);
}

dt__feeder_counters dt__feeder_counts(const dt__feeder* f) {
  return (dt__feeder_counters){
      .underruns = atomic_load(&f->underruns),
      .underrun_frames = atomic_load(&f->underrun_frames),
      .lost_takes = atomic_load(&f->lost_takes),
      .inexact = atomic_load(&f->inexact),
  };
}
