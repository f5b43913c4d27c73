#include "dt/coach_say.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Plain, kind, stern. Firm about the music; nothing about who plays it. */
static const char* const LINES[DT_LINE_COUNT][DT_TONE_COUNT] = {
    [DT_LINE_NONE] = {"", "", ""},
    [DT_LINE_START] = {"{bpm} bpm, {bars} bars.", "Here we go: {bpm} bpm, {bars} bars.",
                       "{bpm} bpm. {bars} bars. Clean."},
    [DT_LINE_AGAIN] = {"Again at {bpm} bpm.", "Once more at {bpm} bpm, no hurry.",
                       "Again. {bpm} bpm."},
    [DT_LINE_UP] = {"Up to {bpm} bpm.", "That sits well: up to {bpm} bpm.",
                    "{bpm} bpm. It has to hold there too."},
    [DT_LINE_DOWN] = {"Down to {bpm} bpm.", "Down to {bpm} bpm, to find it again.",
                      "Not clean. Down to {bpm} bpm."},
    [DT_LINE_FROM_BAR] = {"Again from bar {bar}.", "Let's pick it up from bar {bar}.",
                          "Bar {bar}. From there. Again."},
    [DT_LINE_LOOP] = {"Two bars from bar {bar}, {bpm} bpm.",
                      "Just these two bars, from bar {bar}, {bpm} bpm.",
                      "Bar {bar} is the problem. Two bars, {bpm} bpm."},
    [DT_LINE_SLOW_LOOP] = {"Bar {bar} slower: {bpm} bpm.", "Bar {bar} with more room: {bpm} bpm.",
                           "Bar {bar} does not hold. {bpm} bpm, until it does."},
    [DT_LINE_RIGHT] = {"Right hand alone, {bpm} bpm.", "Just the right hand, {bpm} bpm.",
                       "Right hand alone. {bpm} bpm."},
    [DT_LINE_LEFT] = {"Left hand alone, {bpm} bpm.", "Just the left hand, {bpm} bpm.",
                      "Left hand alone. {bpm} bpm."},
    [DT_LINE_TOGETHER] = {"All of it again, {bpm} bpm.", "Back together now, {bpm} bpm.",
                          "All of it. {bpm} bpm. No seams."},
    [DT_LINE_BURST] = {"Two fast bars, {bpm} bpm, then back.",
                       "Two fast bars for fun, {bpm} bpm, then back.",
                       "Two bars at {bpm} bpm. Then back."},
    [DT_LINE_PLATEAU] = {"The tempo stands at {bpm} bpm: two fast bars, then slower.",
                         "{bpm} bpm is a resting place. Let's come at it another way.",
                         "Stuck at {bpm} bpm. Another way, then."},
    [DT_LINE_MISSED] = {"{count} missed, {place}.", "{count} note{plural} got away, {place}.",
                        "{count} note{plural} missing, {place}. All are written."},
    [DT_LINE_RUSHING] = {"Rushing {place}.", "Rushing a little {place}.",
                         "Rushing {place}. The tempo is {bpm}."},
    [DT_LINE_DRAGGING] = {"Dragging {place}.", "Dragging a little {place}.",
                          "Dragging {place}. The tempo is {bpm}."},
    [DT_LINE_EARLY] = {"Moved ahead of the click {place}.", "A little ahead of the click {place}.",
                       "Ahead of the click {place}. Not the part."},
    [DT_LINE_LATE] = {"Fell behind the click {place}.", "A little behind the click {place}.",
                      "Behind the click {place}. Not the part."},
    [DT_LINE_SCATTER] = {"Loose {place}.", "Getting loose {place}.",
                         "Loose {place}. Every stroke has its place."},
    [DT_LINE_DYNAMICS] = {"Accents and ghost notes too much alike.",
                          "The time is there; more between accents and ghosts.",
                          "No dynamics. They are written."},
    [DT_LINE_CLEAN] = {"Clean at {bpm} bpm.", "Clean at {bpm} bpm, lovely.",
                       "Clean at {bpm} bpm. Next."},
    [DT_LINE_REST] = {"Rest {s} seconds.", "Rest {s} seconds, shake it out.",
                      "Rest {s} seconds. It belongs to the work."},
    [DT_LINE_LONG_REST] = {"Long rest: {s} seconds.", "A real break: {s} seconds, sticks down.",
                           "Sticks down for {s} seconds. It is part of the plan."},
    [DT_LINE_TIRED] = {"The strokes are tiring: this exercise ends here.",
                       "The strokes are tiring. Enough of this one for today.",
                       "Tired strokes teach nothing. This exercise is over."},
    [DT_LINE_CEILING] = {"{count} minutes played: that is all for today.",
                         "{count} minutes played. A good day; the rest is sleep.",
                         "{count} minutes played. Done. Tomorrow."},
    [DT_LINE_EXERCISE_END] = {"Clean tempo {bpm} bpm.", "The clean tempo is {bpm} bpm.",
                              "Clean at {bpm} bpm, and not one above."},
    [DT_LINE_GOAL] = {"{bpm} bpm is clean: goal reached.", "{bpm} bpm, clean. There it is.",
                      "{bpm} bpm. Clean. That was the goal."},
    [DT_LINE_GAP] = {"{count} silent bar{plural}; be there when the click is back.",
                     "{count} silent bar{plural} now; meet the click at the end.",
                     "{count} silent bar{plural}. Land on the click."},
    [DT_LINE_QUIET] = {"The click fades while the time holds.",
                       "The click steps back as the time settles.",
                       "The click goes. It returns if the time does not hold."},
    [DT_LINE_SURPRISE] = {"{bars} bars with surprises.", "{bars} bars, and something may happen.",
                          "{bars} bars. Anything may change but the time."},
    [DT_LINE_ENDURANCE] = {"Hold {bpm} bpm until it goes.",
                           "Hold {bpm} bpm as long as it sounds good.",
                           "{bpm} bpm. It ends when the quality ends."},
    [DT_LINE_TRADE] = {"Trading: {count} bars each.", "Trading {count}s: listen, then answer.",
                       "Trading {count}s. In time, or not at all."},
    [DT_LINE_OWN] = {"No click after the count-in, {bpm} bpm.",
                     "The click counts in, then it is all drums, {bpm} bpm.",
                     "No click. Keep {bpm} bpm."},
    [DT_LINE_COLD] = {"Cold test at {bpm} bpm.", "First, what stayed: {bpm} bpm.",
                      "Cold. {bpm} bpm. This is the one that counts."},
    [DT_LINE_COLD_KEPT] = {"{bpm} bpm is still clean.", "{bpm} bpm stayed. That one is kept.",
                           "{bpm} bpm held. It counts."},
    [DT_LINE_COLD_LOST] = {"{bpm} bpm did not stay.", "{bpm} bpm needs another day.",
                           "{bpm} bpm did not stay. So it was not learned."},
    [DT_LINE_DONE] = {"The plan is done.", "The plan is done. Thanks for the music.",
                      "The plan is done."},
};

const char* dt_line_pattern(dt_line line, dt_tone tone) {
  if ((unsigned)line >= DT_LINE_COUNT || (unsigned)tone >= DT_TONE_COUNT)
    return "";
  return LINES[line][tone];
}

/* Half bpm are shown, whole ones without a point. */
static void tempo(char* text, size_t room, double bpm) {
  const double halves = floor(2.0 * bpm + 0.5);
  if (fmod(halves, 2.0) != 0.0)
    snprintf(text, room, "%.1f", halves / 2.0);
  else
    snprintf(text, room, "%.0f", halves / 2.0);
}

static void place(char* text, size_t room, const dt_words* w) {
  switch (w->where) {
  case DT_WHERE_AFTER_FILL:
    snprintf(text, room, "after the fill, bar %d", w->bar + 1);
    break;
  case DT_WHERE_FROM_BAR:
    snprintf(text, room, "from bar %d", w->bar + 1);
    break;
  case DT_WHERE_IN_BAR:
    snprintf(text, room, "in bar %d", w->bar + 1);
    break;
  case DT_WHERE_WORST_IN_BAR:
    snprintf(text, room, "above all in bar %d", w->bar + 1);
    break;
  case DT_WHERE_ALONG_THE_WAY:
    snprintf(text, room, "along the way");
    break;
  case DT_WHERE_THROUGHOUT:
  default:
    snprintf(text, room, "all through");
    break;
  }
}

static bool is_word(const char* at, size_t size, const char* word) {
  return strlen(word) == size && memcmp(at, word, size) == 0;
}

static void fill_in(char* text, size_t room, const char* at, size_t size, const dt_words* w) {
  text[0] = '\0';
  if (is_word(at, size, "bpm"))
    tempo(text, room, w->bpm);
  else if (is_word(at, size, "place"))
    place(text, room, w);
  else if (is_word(at, size, "bar"))
    snprintf(text, room, "%d", w->bar + 1);
  else if (is_word(at, size, "bars"))
    snprintf(text, room, "%d", w->bars);
  else if (is_word(at, size, "count"))
    snprintf(text, room, "%d", w->count);
  else if (is_word(at, size, "plural"))
    snprintf(text, room, "%s", w->count == 1 ? "" : "s");
  else if (is_word(at, size, "s"))
    snprintf(text, room, "%.0f", w->seconds);
}

void dt_say(char text[DT_SAY_MAX], dt_line line, dt_tone tone, const dt_words* words) {
  size_t used = 0;
  text[0] = '\0';
  for (const char* at = dt_line_pattern(line, tone); *at && used + 1 < DT_SAY_MAX;) {
    char piece[48];
    const char* end = *at == '{' ? strchr(at, '}') : NULL;
    if (end) {
      fill_in(piece, sizeof piece, at + 1, (size_t)(end - at - 1), words);
      at = end + 1;
    } else {
      piece[0] = *at++;
      piece[1] = '\0';
    }
    const size_t size = strlen(piece);
    const size_t room = DT_SAY_MAX - 1 - used;
    memcpy(text + used, piece, size < room ? size : room);
    used += size < room ? size : room;
    text[used] = '\0';
  }
}

dt_line dt_line_of_failure(dt_criterion why, int direction) {
  switch (why) {
  case DT_FAIL_MISSED:
    return DT_LINE_MISSED;
  case DT_FAIL_DRIFT:
    return direction > 0 ? DT_LINE_RUSHING : DT_LINE_DRAGGING;
  case DT_FAIL_PLACEMENT:
    return direction > 0 ? DT_LINE_EARLY : DT_LINE_LATE;
  case DT_FAIL_SCATTER:
    return DT_LINE_SCATTER;
  case DT_FAIL_DYNAMICS:
    return DT_LINE_DYNAMICS;
  case DT_CLEAN:
  case DT_CRITERION_COUNT:
  default:
    return DT_LINE_NONE;
  }
}
