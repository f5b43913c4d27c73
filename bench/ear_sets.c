#include "ear_sets.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LIVE_BLOCK 64

/* Files of mdbpp whose labels were never re-timed: they count for F, not for errors. */
#define RETIMED "mdbpp re-timed"
static bool was_retimed(const char* name) {
  return strcmp(name, "Country1") != 0 && strcmp(name, "Britpop") != 0;
}

static set* set_new(sets* all, const char* name, int classes, timing own, bool with_peer) {
  set* s = calloc(1, sizeof *s);
  set** items = realloc(all->items, (all->count + 1) * sizeof *items);
  if (s == NULL || items == NULL)
    exit(1);
  snprintf(s->name, sizeof s->name, "%s", name);
  board_init(&s->ours, classes, own);
  board_init(&s->peer, classes, own);
  s->has_peer = with_peer;
  all->items = items;
  all->items[all->count++] = s;
  return s;
}

void sets_clear(sets* all) {
  for (size_t i = 0; i < all->count; i++) {
    board_clear(&all->items[i]->ours);
    board_clear(&all->items[i]->peer);
    free(all->items[i]->tracks);
    free(all->items[i]);
  }
  free(all->items);
  memset(all, 0, sizeof *all);
}

static void add_track(set* s, const char* name) {
  size_t before = s->tracks != NULL ? strlen(s->tracks) : 0;
  size_t size = before + strlen(name) + 3;
  char* text = realloc(s->tracks, size);
  if (text == NULL)
    exit(1);
  snprintf(text + before, size - before, "%s%s", before > 0 ? ", " : "", name);
  s->tracks = text;
}

static void add_heard(board* b, const hits* truth, const heard* found) {
  b->files++;
  b->length_s += found->length_s;
  b->cpu_s += found->cpu_s;
  b->ear_bytes = b->ear_bytes > found->ear_bytes ? b->ear_bytes : found->ear_bytes;
  board_score_any(b, truth, &found->strokes);
}

static void add_live(board* b, const heard* live, bool is_same) {
  b->block_cpu_s += live->cpu_s;
  b->other_blocks_differ += !is_same;
  for (int s = 0; s < STAGE_COUNT; s++)
    for (size_t i = 0; i < live->latency_ms[s].count; i++)
      values_add(&b->latency_ms[s], live->latency_ms[s].items[i]);
  b->events += live->events;
  b->flags += live->flags;
  b->flagless += live->flagless;
  b->too_early += live->too_early;
  b->handed_late += live->handed_late;
  b->strokes += live->strokes.count;
  for (size_t i = 0; i < live->strokes.count; i++)
    b->shared += live->strokes.items[i].is_shared;
}

/* What the ear hears, or was told to have heard, of take i. */
static bool hear_take(const folder* files, size_t i, const set_options* o, heard* found) {
  dt_error error = {0};
  char path[1200];
  bool is_heard = false;
  if (o->told != NULL) {
    snprintf(path, sizeof path, "%s/%s.strokes.csv", o->told, files->names[i]);
    is_heard = strokes_read(&found->strokes, path, &error);
  } else if (files->sounds[i] == NULL) {
    snprintf(path, sizeof path, "%s", files->truths[i]);
    dt_fail(&error, DT_NOT_FOUND, "There is no .flac or .wav beside it");
  } else {
    snprintf(path, sizeof path, "%s", files->sounds[i]);
    is_heard = hear_file(files->sounds[i], o->block, found, &error);
  }
  if (!is_heard)
    fprintf(stderr, "%s: %s\n", path, error.sentence);
  if (is_heard && o->csv != NULL && !strokes_write(&found->strokes, o->csv, files->names[i])) {
    fprintf(stderr, "%s/%s.strokes.csv: cannot be written\n", o->csv, files->names[i]);
    return false;
  }
  return is_heard;
}

/* Scores take i into the sets from `first` on (mdbpp makes two). */
static bool score_take(sets* all, size_t first, const folder* files, size_t i,
                       const set_options* o) {
  hits truth = {0};
  heard found = {0};
  heard live = {0};
  heard peer = {0};
  dt_error error = {0};
  bool is_read = strokes_read(&truth, files->truths[i], &error);
  if (!is_read)
    fprintf(stderr, "%s: %s\n", files->truths[i], error.sentence);
  is_read = is_read && hear_take(files, i, o, &found);
  bool with_live = is_read && o->with_live && o->told == NULL &&
                   hear_file(files->sounds[i], LIVE_BLOCK, &live, NULL);
  bool with_peer = is_read && all->items[first]->has_peer && hear_peer(files->sounds[i], &peer);
  for (size_t s = first; is_read && s < all->count; s++) {
    set* one = all->items[s];
    if (strcmp(one->name, RETIMED) == 0 && !was_retimed(files->names[i]))
      continue;
    add_track(one, files->names[i]);
    add_heard(&one->ours, &truth, &found);
    board_score_classes(&one->ours, &truth, &found.strokes);
    if (found.events > 0)
      board_score_flags(&one->ours, &truth, &found.flag_known_s);
    if (with_live)
      add_live(&one->ours, &live, is_same_hearing(&found, &live));
    if (with_peer)
      add_heard(&one->peer, &truth, &peer);
    one->has_peer = with_peer;
  }
  heard_clear(&found);
  heard_clear(&live);
  heard_clear(&peer);
  hits_clear(&truth);
  return is_read;
}

bool set_score(sets* all, const char* name, const char* path, int classes, timing own,
               const set_options* options) {
  folder files;
  if (!folder_read(&files, path))
    return false;
  size_t first = all->count;
  bool with_peer = options->with_peer && options->told == NULL;
  set_new(all, name, classes, own, with_peer);
  if (strcmp(name, "mdbpp") == 0)
    set_new(all, RETIMED, classes, own, with_peer);
  for (size_t i = 0; i < files.count; i++)
    all->unreadable += !score_take(all, first, &files, i, options);
  folder_clear(&files);
  return true;
}

/* ---- goals ---- */

static void add_goal(summary* goals, const char* set_name, const char* what, double value,
                     goal_side side, double goal, int decimals, const char* unit,
                     const char* beyond) {
  char text[400];
  snprintf(text, sizeof text, "%s: %s", set_name, what);
  summary_add(goals, text, value, side, goal, decimals, unit, beyond);
}

static void add_f_goals(const set* s, summary* goals) {
  static const struct {
    const char* name;
    double f_50, f_20, any_25;
    const char *beyond_50, *beyond_20;
  } known[] = {{"mdbpp", 0.921, 0.90, 0.95, ".95", ".94"},
               {"idmt", 0.945, 0.93, 0.93, ".97", ".955"},
               {"egmd", 0.88, 0.86, (double)NAN, ".93", ".92"}};
  const board* b = &s->ours;
  for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
    if (strcmp(s->name, known[k].name) != 0)
      continue;
    const char* how = b->timing == OFFSET_REMOVED ? ", offset removed" : "";
    char what[80];
    snprintf(what, sizeof what, "sum F 50 ms%s", how);
    add_goal(goals, s->name, what, tally_f(board_sum(b, AT_50, b->timing)), GOAL_ABOVE,
             known[k].f_50, 3, "", known[k].beyond_50);
    snprintf(what, sizeof what, "sum F 20 ms%s", how);
    add_goal(goals, s->name, what, tally_f(board_sum(b, AT_20, b->timing)), GOAL_ABOVE,
             known[k].f_20, 3, "", known[k].beyond_20);
    if (!isnan(known[k].any_25))
      add_goal(goals, s->name, "any-stroke F 25 ms", tally_f(b->any[AT_25][AS_IS]), GOAL_ABOVE,
               known[k].any_25, 3, "", "");
  }
}

static void add_stage_goals(const set* s, summary* goals) {
  static const char* const names[3] = {"flag known after, p99", "time known after, p99",
                                       "stroke known after, p99"};
  static const double goals_ms[3] = {5, 15, 30};
  for (int k = 0; k < 3; k++)
    add_goal(goals, s->name, names[k], values_quantile(&s->ours.latency_ms[k], 0.99), GOAL_AT_MOST,
             goals_ms[k], 1, " ms", "");
}

void sets_goals(const sets* all, summary* goals) {
  for (size_t i = 0; i < all->count; i++) {
    const set* s = all->items[i];
    add_f_goals(s, goals);
    if (strcmp(s->name, RETIMED) == 0) {
      add_goal(goals, s->name, "robust SD of any stroke's time",
               values_robust_sd(&s->ours.any_error_ms[AS_IS]), GOAL_AT_MOST, 1.5, 2, " ms", "");
      continue;
    }
    if (s->ours.events > 0)
      add_stage_goals(s, goals);
    if (s->has_peer && s->peer.cpu_s > 0)
      add_goal(goals, s->name, "processor time / aubioonset's", s->ours.cpu_s / s->peer.cpu_s,
               GOAL_AT_MOST, 1, 2, "", "0.5");
    if (s->ours.block_cpu_s > 0)
      add_goal(goals, s->name, "live, share of one core",
               100 * s->ours.block_cpu_s / s->ours.length_s, GOAL_BELOW, 2, 2, " %", "");
  }
}
