#include <math.h>
#include <string.h>

#include "beats.h"
#include "dt/stat.h"
#include "render.h"

/* Sound and clicks together stay within full scale. */
static const float SOUND_GAIN = 0.7F;
static const double CLICK_GAIN = 0.3;
static const double CLICK_S = 0.05;
static const double DECAY_S = 0.008;
static const double CLICK_HZ = 1000.0;
static const double ONE_HZ = 1600.0;
enum { RATE_HZ = 48000 }; /* where there was no sound */

typedef struct mix {
  const dt_beat_track* track;
  dt__listen_heard* heard;
  int rate_hz;
  dt_frame length;
  size_t first; /* beats before it have faded */
  dt_sound* sound;
  dt__render render; /* without a sound */
  dt_error reading;  /* what went wrong with the sound */
  bool has_failed;
} mix;

static double hertz_of(const dt_beat* beat) {
  return beat->in_bar == 1 ? ONE_HZ : CLICK_HZ;
}

/* One click, from where it begins between two frames. */
static void add_click(const mix* m, const dt_beat* beat, float* samples, size_t frame_count,
                      dt_frame position) {
  const double start = beat->time_s * m->rate_hz;
  const dt_frame from = (dt_frame)ceil(start);
  const dt_frame end = from + (dt_frame)(CLICK_S * m->rate_hz);
  const dt_frame block_end = position + (dt_frame)frame_count;
  for (dt_frame at = from > position ? from : position; at < end && at < block_end; ++at) {
    const double t = ((double)at - start) / m->rate_hz;
    samples[at - position] +=
        (float)(CLICK_GAIN * exp(-t / DECAY_S) * sin(2.0 * DT_PI * hertz_of(beat) * t));
  }
}

static void add_clicks(mix* m, float* samples, size_t frame_count, dt_frame position) {
  const dt_beat_track* track = m->track;
  const double from_s = (double)position / m->rate_hz - CLICK_S;
  const double to_s = (double)(position + (dt_frame)frame_count) / m->rate_hz;
  while (m->first < track->beat_count && track->beats[m->first].time_s < from_s)
    ++m->first;
  for (size_t k = m->first; k < track->beat_count && track->beats[k].time_s < to_s; ++k)
    add_click(m, &track->beats[k], samples, frame_count, position);
}

static bool read_sound(mix* m, float* samples, size_t frame_count) {
  size_t have = 0;
  while (have < frame_count) {
    const ptrdiff_t got = dt_sound_read(m->sound, samples + have, frame_count - have, &m->reading);
    if (got < 0) {
      m->has_failed = true;
      return false;
    }
    if (got == 0)
      break;
    have += (size_t)got;
  }
  memset(samples + have, 0, (frame_count - have) * sizeof *samples);
  return true;
}

static bool fill(void* context, float* samples, size_t frame_count, dt_frame position) {
  mix* m = context;
  dt__listen_heard* heard = m->heard;
  if (!heard->news.tell(heard->news.context, heard->job, 1, heard->take.duration_s))
    return false;
  if (m->sound == NULL)
    dt__render_block(&m->render, samples, frame_count, position);
  else if (!read_sound(m, samples, frame_count))
    return false;
  for (size_t i = 0; i < frame_count; ++i)
    samples[i] *= SOUND_GAIN;
  add_clicks(m, samples, frame_count, position);
  return true;
}

static dt_status write_mix(mix* m, const char* path, dt_error* err) {
  const dt_status status = dt_sound_write(path, m->rate_hz, m->length, fill, m, err);
  if (m->has_failed) {
    *err = m->reading;
    return m->reading.status;
  }
  return status;
}

static dt_status over_sound(mix* m, const char* path, dt_error* err) {
  dt_sound_info info;
  m->sound = dt_sound_open(m->heard->job->input, &info, err);
  if (m->sound == NULL) {
    m->heard->job->is_output_at_fault = false;
    return err->status;
  }
  m->rate_hz = info.rate_hz;
  m->length = (dt_frame)ceil(m->heard->take.duration_s * info.rate_hz);
  const dt_status status = write_mix(m, path, err);
  dt_sound_close(m->sound);
  return status;
}

static dt_status over_strokes(mix* m, const char* path, dt_error* err) {
  const dt_strokes* strokes = &m->heard->take.strokes;
  m->rate_hz = RATE_HZ;
  dt_synthkit* kit = dt_synthkit_new(NULL, RATE_HZ, 1);
  if (kit == NULL)
    return dt_fail(err, DT_NO_MEMORY, "%s", dt_status_sentence(DT_NO_MEMORY));
  m->render = dt__render_new(kit, RATE_HZ, strokes->items, strokes->count);
  m->length = dt__render_length(&m->render);
  const dt_frame end = (dt_frame)ceil(m->heard->take.duration_s * RATE_HZ);
  m->length = end > m->length ? end : m->length;
  const dt_status status = write_mix(m, path, err);
  dt_synthkit_free(kit);
  return status;
}

dt_status dt__beats_click(const dt__beats_found* found, dt__listen_heard* heard, const char* path,
                          dt_error* err) {
  mix m = {.track = &found->track, .heard = heard};
  return heard->sound.rate_hz > 0 ? over_sound(&m, path, err) : over_strokes(&m, path, err);
}
