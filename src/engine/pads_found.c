#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dt/stat.h"
#include "pads_internal.h"

/* How often each note was the loudest of a stroke. */
static int count_loudest(const dt_pads* pads, int ask, int times[128]) {
  dt__pads_stroke stroke;
  int strokes = 0;
  memset(times, 0, 128 * sizeof *times);
  for (int at = 0; dt__pads_stroke_next(pads, ask, &at, &stroke); strokes++)
    times[pads->notes[stroke.loudest].note]++;
  return strokes;
}

/* Once is a slip, unless there is nothing else. */
static void find_notes(const dt_pads* pads, int ask, dt_pads_pad* found) {
  int times[128];
  found->strokes = count_loudest(pads, ask, times);
  const int least = found->strokes < 2 ? 1 : 2;
  while (found->note_count < DT_PADS_NOTES_PAD) {
    int best = 0;
    for (int note = 1; note < 128; note++)
      if (times[note] > times[best])
        best = note;
    if (times[best] < least)
      break;
    found->notes[found->note_count++] = best;
    times[best] = 0;
  }
}

static bool has_note(const dt_pads_pad* pad, int note) {
  for (int i = 0; i < pad->note_count; i++)
    if (pad->notes[i] == note)
      return true;
  return false;
}

static void find_velocities(const dt_pads* pads, int ask, dt_pads_pad* found) {
  double velocities[1024];
  size_t count = 0;
  dt__pads_stroke stroke;
  for (int at = 0; dt__pads_stroke_next(pads, ask, &at, &stroke);) {
    const dt__pads_note* struck = &pads->notes[stroke.loudest];
    if (!has_note(found, struck->note)) {
      found->strays++;
      continue;
    }
    if (found->lowest == 0 || struck->velocity < found->lowest)
      found->lowest = struck->velocity;
    if (count < 1024)
      velocities[count++] = struck->velocity;
  }
  found->typical = dt_median(velocities, count, velocities);
}

static void add_ghost(dt_pads_pad* found, int note, int of, double away_ms, double share) {
  dt_pads_ghost* ghost = NULL;
  for (int i = 0; i < found->ghost_count; i++)
    if (found->ghosts[i].note == note && found->ghosts[i].of == of)
      ghost = &found->ghosts[i];
  if (!ghost) {
    if (found->ghost_count == DT_PADS_GHOSTS_MAX)
      return;
    ghost = &found->ghosts[found->ghost_count++];
    *ghost = (dt_pads_ghost){.note = note, .of = of};
  }
  ghost->times++;
  ghost->within_ms = fmax(ghost->within_ms, away_ms);
  ghost->loudest = fmax(ghost->loudest, share);
}

/* What came beside the struck note. */
static void look_beside(const dt_pads* pads, const dt__pads_stroke* stroke, dt_pads_pad* found) {
  const dt__pads_note* struck = &pads->notes[stroke->loudest];
  for (int i = stroke->from; i < stroke->to; i++) {
    const dt__pads_note* other = &pads->notes[i];
    if (i == stroke->loudest)
      continue;
    const double away_ms = dt__pads_ms(pads, llabs(other->at - struck->at));
    const double share = (double)other->velocity / struck->velocity;
    if (other->note == struck->note) {
      if (i > stroke->loudest)
        add_ghost(found, other->note, struck->note, away_ms, share);
    } else if (away_ms <= DT_PADS_CROSSTALK_MS && share <= DT_PADS_SOFT)
      add_ghost(found, other->note, struck->note, away_ms, share);
    else
      found->strays++;
  }
}

/* A quarter above the loudest that was heard; never a stroke of the same strength. */
static double threshold_of(double loudest) {
  return fmin(0.9, fmax(0.02, ceil(125 * loudest + 1) / 100));
}

static void find_ghosts(const dt_pads* pads, int ask, dt_pads_pad* found) {
  int times[128];
  dt__pads_stroke stroke;
  for (int at = 0; dt__pads_stroke_next(pads, ask, &at, &stroke);)
    if (has_note(found, pads->notes[stroke.loudest].note))
      look_beside(pads, &stroke, found);
  (void)count_loudest(pads, ask, times);
  for (int i = 0; i < found->ghost_count; i++) {
    found->ghosts[i].strokes = times[found->ghosts[i].of];
    found->ghosts[i].threshold = threshold_of(found->ghosts[i].loudest);
  }
}

bool dt_pads_pad_of(const dt_pads* pads, int pad, dt_pads_pad* found) {
  if (pad < 0 || pad >= pads->pad_count)
    return false;
  const int ask = pads->pads[pad];
  memset(found, 0, sizeof *found);
  found->drum = pads->asks[ask].drum;
  found->same_as = -1;
  find_notes(pads, ask, found);
  find_velocities(pads, ask, found);
  find_ghosts(pads, ask, found);
  for (int before = 0; before < pad && found->same_as < 0; before++) {
    dt_pads_pad earlier = {.note_count = 0};
    find_notes(pads, pads->pads[before], &earlier);
    for (int i = 0; i < found->note_count; i++)
      if (has_note(&earlier, found->notes[i]) && found->same_as < 0)
        found->same_as = before;
  }
  return true;
}

/* ---- together ---- */

static int by_size(const void* a, const void* b) {
  const double x = *(const double*)a;
  const double y = *(const double*)b;
  return (x > y) - (x < y);
}

/* The loudest note of a pad in a stroke; -1: it did not speak. */
static int note_in(const dt_pads* pads, const dt__pads_stroke* stroke, const dt_pads_pad* pad) {
  int best = -1;
  for (int i = stroke->from; i < stroke->to; i++)
    if (has_note(pad, pads->notes[i].note) &&
        (best < 0 || pads->notes[i].velocity > pads->notes[best].velocity))
      best = i;
  return best;
}

/* The ranks k and n + 1 - k hold the median with probability 1 - 2 P(Bin(n, 1/2) < k) (David and
 * Nagaraja, Order Statistics, 7.1): the largest k with at least 95 %. 0: none has. */
static int rank_of(int count) {
  double term = pow(0.5, count);
  double below = term;
  int rank = 0;
  while (below <= 0.025 && rank < count) {
    rank++;
    term *= (double)(count - rank + 1) / rank;
    below += term;
  }
  return rank;
}

#define DELAYS_MAX 256

bool dt_pads_pair_of(const dt_pads* pads, int pair, dt_pads_pair* found) {
  if (pair < 0 || pair >= pads->pair_count)
    return false;
  const dt__pads_ask* ask = &pads->asks[pads->pairs[pair]];
  dt_pads_pad first = {.note_count = 0};
  dt_pads_pad second = {.note_count = 0};
  find_notes(pads, pads->pads[ask->first], &first);
  find_notes(pads, pads->pads[ask->second], &second);
  *found = (dt_pads_pair){.first = pads->asks[pads->pads[ask->first]].drum,
                          .second = pads->asks[pads->pads[ask->second]].drum,
                          .delay_ms = (double)NAN,
                          .low_ms = (double)NAN,
                          .high_ms = (double)NAN};
  double delays[DELAYS_MAX];
  dt__pads_stroke stroke;
  for (int at = 0;
       found->times < DELAYS_MAX && dt__pads_stroke_next(pads, pads->pairs[pair], &at, &stroke);) {
    const int a = note_in(pads, &stroke, &first);
    const int b = note_in(pads, &stroke, &second);
    if (a < 0 || b < 0 || a == b)
      continue;
    const dt_frame later = pads->notes[b].at - pads->notes[a].at;
    delays[found->times++] = later < 0 ? -dt__pads_ms(pads, -later) : dt__pads_ms(pads, later);
  }
  const int rank = rank_of(found->times);
  if (found->times == 0 || rank == 0)
    return true;
  qsort(delays, (size_t)found->times, sizeof *delays, by_size);
  found->delay_ms = 0.5 * (delays[found->times / 2] + delays[(found->times - 1) / 2]);
  found->low_ms = delays[rank - 1];
  found->high_ms = delays[found->times - rank];
  return true;
}
