#include "voices.h"

#include <string.h>

#include "dt/rt_poison.h" /* last: see there */

static dt__voice* oldest(dt__voices* voices, bool fading) {
  dt__voice* found = NULL;
  for (int i = 0; i < voices->slot_count; i++) {
    dt__voice* v = &voices->slots[i];
    if (v->used && v->fading == fading && (!found || v->order < found->order))
      found = v;
  }
  return found;
}

static int held(const dt__voices* voices) {
  int count = 0;
  for (int i = 0; i < voices->slot_count; i++)
    count += voices->slots[i].used && !voices->slots[i].fading;
  return count;
}

static dt__voice* free_slot(dt__voices* voices) {
  for (int i = 0; i < voices->slot_count; i++)
    if (!voices->slots[i].used)
      return &voices->slots[i];
  voices->cut++;
  return oldest(voices, true);
}

void dt__voice_fade(dt__voice* voice, dt_frame now, dt_frame length) {
  if (voice->fading)
    return;
  voice->fading = true;
  voice->fade_start = now;
  voice->fade_length = length;
}

void dt__voices_begin(dt__voices* voices, const dt__voice* voice, dt_frame fade) {
  dt__voices_sweep(voices, voice->start);
  if (held(voices) >= voices->limit) {
    dt__voice_fade(oldest(voices, false), voice->start, fade);
    voices->stolen++;
  }
  dt__voice* slot = free_slot(voices);
  float* ahead = slot->ahead;
  *slot = *voice;
  slot->ahead = ahead;
  slot->kept = -1;
  slot->used = true;
  slot->fading = false;
  slot->order = voices->order++;
}

static dt_frame end_of(const dt__voice* v) {
  const dt_frame end = v->start + v->length;
  const dt_frame faded = v->fade_start + v->fade_length;
  return v->fading && faded < end ? faded : end;
}

void dt__voices_sweep(dt__voices* voices, dt_frame now) {
  for (int i = 0; i < voices->slot_count; i++)
    if (voices->slots[i].used && end_of(&voices->slots[i]) <= now)
      voices->slots[i].used = false;
}

static float fade_of(const dt__voice* v, dt_frame at) {
  return v->fading ? 1 - (float)(at - v->fade_start) / (float)v->fade_length : 1;
}

static void add(const dt__voice* v, const float* x, float* samples, size_t count,
                dt_frame position) {
  if (!v->fading) {
    for (size_t i = 0; i < count; i++)
      samples[i] += v->gain * x[i];
    return;
  }
  for (size_t i = 0; i < count; i++)
    samples[i] += v->gain * fade_of(v, position + (dt_frame)i) * x[i];
}

/* Frames from..from + count - 1 of a stroke, as many as are kept together. */
static const float* stroke_samples(dt__voice* v, const dt_synthkit* kit, dt_frame from,
                                   size_t* count) {
  const dt_frame part = from / DT__AHEAD;
  if (part != v->kept) {
    v->kept = part;
    memset(v->ahead, 0, DT__AHEAD * sizeof *v->ahead);
    dt_synthkit_add(kit, &v->stroke, v->ahead, DT__AHEAD, part * DT__AHEAD + v->stroke_frame);
  }
  const size_t offset = (size_t)(from - part * DT__AHEAD);
  if (*count > DT__AHEAD - offset)
    *count = DT__AHEAD - offset;
  return v->ahead + offset;
}

static void mix(dt__voice* v, const dt_synthkit* kit, float* samples, size_t count,
                dt_frame position) {
  const dt_frame left = end_of(v) - position;
  if (left <= 0)
    return;
  if ((dt_frame)count > left)
    count = (size_t)left;
  if (v->table) {
    add(v, v->table->samples + (position - v->start), samples, count, position);
    return;
  }
  for (size_t done = 0; done < count;) {
    size_t some = count - done;
    const dt_frame at = position + (dt_frame)done;
    const float* sound = stroke_samples(v, kit, at - v->start, &some);
    add(v, sound, samples + done, some, at);
    done += some;
  }
}

bool dt__voices_mix(dt__voices* voices, const dt_synthkit* kit, int bus, float* samples,
                    size_t count, dt_frame position) {
  bool any = false;
  for (int i = 0; i < voices->slot_count; i++) {
    dt__voice* v = &voices->slots[i];
    if (!v->used || v->bus != bus)
      continue;
    mix(v, kit, samples, count, position);
    any = true;
  }
  return any;
}

void dt__voices_shift(dt__voices* voices, dt_frame by) {
  for (int i = 0; i < voices->slot_count; i++) {
    voices->slots[i].start += by;
    voices->slots[i].fade_start += by;
  }
}
