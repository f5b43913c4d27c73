#include "along.h"

#include <math.h>

#define TAKES_RING_S 4 /* what was struck may ring so long */

struct dt__along {
  const dt_allocator* allocator;
  dt_drummer drummer;
  dt_synthkit* kit;
  int rate_hz;
  double able_bpm;
  uint64_t takes;
  dt_truths truths;
  dt_frame first;    /* of the take: time 0 of the truths plus their lead-in */
  dt_frame silent;   /* nothing from here on */
  dt_stroke* struck; /* of this and the last take, for what still rings; times in the stream */
  size_t struck_count;
  size_t struck_room;
};

dt__along* dt__along_new(const dt_allocator* allocator, const dt_drummer* drummer, int rate_hz,
                         bool sound, double able_bpm) {
  dt__along* player = dt_alloc_zero(allocator, sizeof *player);
  if (!player)
    return NULL;
  player->allocator = allocator;
  player->drummer = *drummer;
  player->rate_hz = rate_hz;
  player->able_bpm = able_bpm;
  if (sound) {
    player->kit = dt_synthkit_new(allocator, rate_hz, drummer->seed);
    if (!player->kit) {
      dt__along_free(player);
      return NULL;
    }
  }
  return player;
}

void dt__along_free(dt__along* player) {
  if (!player)
    return;
  dt_truths_clear(&player->truths, player->allocator);
  dt_synthkit_free(player->kit);
  dt_release(player->allocator, player->struck, player->struck_room * sizeof *player->struck);
  dt_release(player->allocator, player, sizeof *player);
}

/* What was struck before the new take, and may still ring, stays in front. */
static dt_status keep(dt__along* player, const dt_truths* truths, double first_s, double from_s) {
  size_t kept = 0;
  for (size_t i = 0; i < player->struck_count; i++) {
    const dt_stroke* old = &player->struck[i];
    if (old->time_s >= from_s - TAKES_RING_S &&
        old->time_s < (double)player->silent / player->rate_hz)
      player->struck[kept++] = *old;
  }
  const size_t room = kept + truths->count;
  if (room > player->struck_room) {
    dt_stroke* more = dt_resize(player->allocator, player->struck,
                                player->struck_room * sizeof *more, room * sizeof *more);
    if (!more)
      return DT_NO_MEMORY;
    player->struck = more;
    player->struck_room = room;
  }
  for (size_t i = 0; i < truths->count; i++) {
    player->struck[kept] = truths->items[i].stroke;
    player->struck[kept].time_s += first_s;
    if (player->struck[kept].time_s > from_s)
      kept++;
  }
  player->struck_count = kept;
  return DT_OK;
}

/* Above the tempo that he can play. */
static void loosen(dt_drummer* drummer, double able_bpm, double bpm) {
  if (!(able_bpm > 0) || bpm <= able_bpm)
    return;
  drummer->scatter_ms = fmin(100, drummer->scatter_ms * pow(bpm / able_bpm, 6));
  drummer->miss_rate = fmin(0.5, drummer->miss_rate + 0.5 * (bpm / able_bpm - 1));
}

dt_status dt__along_take(dt__along* player, const dt_lead* lead) {
  dt_drummer drummer = player->drummer;
  drummer.seed += 1000003 * ++player->takes;
  drummer.lead_in_s = 0;
  loosen(&drummer, player->able_bpm, lead->ask.bpm);
  dt_truths truths = {0};
  const dt_status status = dt_drummer_play(&drummer, lead->part, player->allocator, &truths, NULL);
  if (status != DT_OK)
    return status;
  const double first_s = (double)lead->first / player->rate_hz;
  const dt_status kept = keep(player, &truths, first_s, (double)lead->at / player->rate_hz);
  dt_truths_clear(&truths, player->allocator);
  player->silent = INT64_MAX;
  return kept;
}

void dt__along_stop(dt__along* player, dt_frame at) {
  player->silent = at;
}

void dt__along_play(dt__along* player, dt_frame at, int frame_count, float* const* in,
                    dt_port_midi_list* midi) {
  for (size_t i = 0; i < player->struck_count; i++) {
    const dt_stroke* stroke = &player->struck[i];
    if (stroke->time_s >= (double)player->silent / player->rate_hz)
      continue;
    if (player->kit) {
      dt_synthkit_add(player->kit, stroke, in[0], (size_t)frame_count, at);
      continue;
    }
    const dt_frame frame = llround(stroke->time_s * player->rate_hz);
    if (frame < at || frame >= at + frame_count)
      continue;
    const float loud = fminf(127, fmaxf(1, stroke->velocity > 0 ? stroke->velocity : 90));
    const uint8_t note = (uint8_t)dt_drum_gm_note(stroke->drum);
    const uint8_t bytes[3] = {0x99, note, (uint8_t)lroundf(loud)};
    (void)dt_port_put(midi, (uint32_t)(frame - at), bytes, 3);
  }
}
