#include <string.h>

#include "drummer_internal.h"

/* Bars at either end that are neither skipped nor repeated by draw, and how far apart others are:
 * two bars in between. */
#define QUIET_BARS 2
#define APART      3
#define TRIES      200

enum { PLAYED, SKIPPED, REPEATED };

static bool is_alone(const dt__performance* p, size_t bar) {
  for (size_t k = 0; k < APART; k++) {
    if (bar >= k && p->choice[bar - k] != PLAYED)
      return false;
    if (bar + k < p->part->bar_count && p->choice[bar + k] != PLAYED)
      return false;
  }
  return true;
}

static void draw_bars(dt__performance* p, int count, unsigned char choice, uint64_t stream) {
  const size_t bars = p->part->bar_count;
  if (bars <= (size_t)2 * QUIET_BARS)
    return;
  dt_rng rng = dt_rng_seeded(p->drummer->seed, stream);
  for (int chosen = 0, tries = 0; chosen < count && tries < TRIES; tries++) {
    const size_t bar = QUIET_BARS + dt_rng_below(&rng, (uint32_t)(bars - (size_t)2 * QUIET_BARS));
    if (!is_alone(p, bar))
      continue;
    p->choice[bar] = choice;
    chosen++;
  }
}

static dt_status name_bar(dt__performance* p, int bar, unsigned char choice, const char* word,
                          dt_error* err) {
  if (bar == 0)
    return DT_OK;
  if ((size_t)bar > p->part->bar_count)
    return dt_fail(err, DT_BAD_ARGUMENT, "%s is %d, but the part has %zu bars", word, bar,
                   p->part->bar_count);
  if (choice == SKIPPED && p->part->bar_count == 1)
    return dt_fail(err, DT_BAD_ARGUMENT, "%s is %d, and nothing would be left to play", word, bar);
  p->choice[bar - 1] = choice;
  return DT_OK;
}

static void play_bar(dt__performance* p, size_t part_bar, bool jumped) {
  const dt_part_bar* written = &p->part->bars[part_bar];
  dt__bar* bar = &p->bars[p->bar_count++];
  const size_t jumps = p->bar_count > 1 ? bar[-1].jumps : 0;
  *bar = (dt__bar){
      .tick = p->end,
      .part_bar = part_bar,
      .first_beat = p->beat_count,
      .beat_ticks = dt_meter_beat_ticks(written->meter),
      .jumps = jumps + jumped,
      .jumped = jumped,
  };
  p->end += written->length;
  p->beat_count += (size_t)((written->length + bar->beat_ticks - 1) / bar->beat_ticks);
}

dt_status dt__choose_bars(dt__performance* p, dt_error* err) {
  const dt_drummer* drummer = p->drummer;
  memset(p->choice, PLAYED, p->part->bar_count);
  dt_status status = name_bar(p, drummer->repeat_bar, REPEATED, "repeat.bar", err);
  if (status == DT_OK)
    status = name_bar(p, drummer->skip_bar, SKIPPED, "skip.bar", err);
  if (status != DT_OK)
    return status;
  draw_bars(p, drummer->skip_count, SKIPPED, DT__STREAM_SKIP);
  draw_bars(p, drummer->repeat_count, REPEATED, DT__STREAM_REPEAT);
  bool jumped = false;
  for (size_t bar = 0; bar < p->part->bar_count; bar++) {
    if (p->choice[bar] == SKIPPED) {
      p->skipped_count++;
      jumped = true;
      continue;
    }
    play_bar(p, bar, jumped);
    jumped = false;
    if (p->choice[bar] == REPEATED) {
      p->repeated_count++;
      play_bar(p, bar, true);
    }
  }
  p->beat_count++; /* the one after the last */
  return DT_OK;
}
