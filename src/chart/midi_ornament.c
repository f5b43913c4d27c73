#include <math.h>

#include "midi_internal.h"

/*
 * What a drummer would write for strokes that stand too close to be notes. A grace note is softer
 * than its main stroke and within 60 ms of it (flams of players: 10 to 50 ms), two of them are a
 * drag; a run of fast even strokes is a roll.
 */
#define FLAM_S       0.060
#define DRAG_S       0.085 /* each stroke of it */
#define GRACE_SOFTER 0.80  /* velocity of a grace note by its main stroke's, at most */
#define APART_S      0.090 /* free of other strokes on either side */
#define ROLL_S       0.105 /* between the strokes of a roll, at most */
#define ROLL_TICKS   130.0 /* and no wider than a 32nd */
#define ROLL_STROKES 5
#define ROLL_LOUDER  1.25 /* a stroke so much louder than the one before ends the roll */
#define ROLL_UNEVEN  2.2  /* its longest interval by its shortest */

static double gap_s(const dt__midi_hit* hits, const size_t* of, size_t i) {
  return hits[of[i + 1]].time_s - hits[of[i]].time_s;
}

static double gap_ticks(const dt__midi_hit* hits, const size_t* of, size_t i) {
  return hits[of[i + 1]].tick - hits[of[i]].tick;
}

static bool is_fast(const dt__midi_hit* hits, const size_t* of, size_t i) {
  return gap_s(hits, of, i) <= ROLL_S && gap_ticks(hits, of, i) <= ROLL_TICKS &&
         gap_ticks(hits, of, i) > 0;
}

/* The last stroke of the run that begins at i; i where there is none. */
static size_t run_end(const dt__midi_hit* hits, const size_t* of, size_t count, size_t i) {
  double shortest = 1e9;
  double longest = 0;
  size_t end = i;
  while (end + 1 < count && is_fast(hits, of, end) &&
         hits[of[end + 1]].velocity <= ROLL_LOUDER * hits[of[end]].velocity) {
    const double gap = gap_ticks(hits, of, end);
    shortest = fmin(shortest, gap);
    longest = fmax(longest, gap);
    if (longest > ROLL_UNEVEN * shortest)
      break;
    end++;
  }
  return end;
}

/* The spacing that the run is written in: a note value within an eighth of the mean, else 0. */
static dt_tick roll_step(double mean) {
  static const dt_tick steps[] = {120, 96, 80, 60, 48, 40, 30};
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
    if (fabs(mean - (double)steps[i]) < 0.125 * (double)steps[i])
      return steps[i];
  return 0;
}

static void make_roll(dt__midi_hit* hits, const size_t* of, size_t first, size_t last) {
  dt__midi_hit* main = &hits[of[first]];
  const double length = hits[of[last]].tick - main->tick;
  const double mean = length / (double)(last - first);
  main->ornament = DT_ROLL;
  main->roll_step = roll_step(mean);
  main->length = main->roll_step > 0 ? main->roll_step * (dt_tick)(last - first + 1)
                                     : (dt_tick)llround(length + mean);
  for (size_t i = first + 1; i <= last; i++)
    hits[of[i]].is_dropped = true;
}

static bool is_grace(const dt__midi_hit* hits, const size_t* of, size_t i, size_t main) {
  return hits[of[i]].velocity <= GRACE_SOFTER * hits[of[main]].velocity;
}

/* How many of the strokes from i on are grace notes of the one after them: 0, 1 or 2. */
static size_t grace_count(const dt__midi_hit* hits, const size_t* of, size_t count, size_t i) {
  if (i > 0 && gap_s(hits, of, i - 1) < APART_S)
    return 0;
  if (i + 2 < count && gap_s(hits, of, i) <= DRAG_S && gap_s(hits, of, i + 1) <= DRAG_S &&
      is_grace(hits, of, i, i + 2) && is_grace(hits, of, i + 1, i + 2) &&
      (i + 3 >= count || gap_s(hits, of, i + 2) >= APART_S))
    return 2;
  if (i + 1 < count && gap_s(hits, of, i) <= FLAM_S && gap_s(hits, of, i) > 0 &&
      is_grace(hits, of, i, i + 1) && (i + 2 >= count || gap_s(hits, of, i + 1) >= APART_S))
    return 1;
  return 0;
}

static void find_in_voice(dt__midi_hit* hits, const size_t* of, size_t count) {
  for (size_t i = 0; i < count;) {
    const size_t last = run_end(hits, of, count, i);
    if (last - i + 1 >= ROLL_STROKES) {
      make_roll(hits, of, i, last);
      i = last + 1;
      continue;
    }
    const size_t graces = grace_count(hits, of, count, i);
    for (size_t g = 0; g < graces; g++)
      hits[of[i + g]].is_dropped = true;
    if (graces > 0)
      hits[of[i + graces]].ornament = graces == 1 ? DT_FLAM : DT_DRAG;
    i += graces + 1;
  }
}

void dt__midi_find_ornaments(dt__midi_hit* hits, size_t count, size_t* scratch) {
  for (int drum = 0; drum < DT_DRUM_COUNT; drum++) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
      if ((int)hits[i].drum == drum)
        scratch[found++] = i;
    find_in_voice(hits, scratch, found);
  }
}
