/* The sets' scores, in Markdown: which strokes, which drums. */
#include <math.h>
#include <string.h>

#include "ear_sets.h"

static const char* const timing_names[TIMINGS] = {"as is", "offset removed"};

static const char* timing_note(const board* b, int t) {
  return t == (int)b->timing ? " (the set's own)" : "";
}

void print_f(const sets* all, FILE* out) {
  fputs("\n### Sum F\n\nHits, truth and heard pooled over files and classes. Precision and recall "
        "at 50 ms.\n\n| set | classes | times | F 50 ms | F 25 ms | F 20 ms | F 10 ms | P | R | "
        "matched | true | heard |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | "
        "--- | --- |\n",
        out);
  for (size_t i = 0; i < all->count; i++)
    for (int t = 0; t < TIMINGS; t++) {
      const board* b = &all->items[i]->ours;
      fprintf(out, "| %s | %d | %s%s |", all->items[i]->name, b->classes, timing_names[t],
              timing_note(b, t));
      for (int w = 0; w < WINDOWS; w++)
        cell(out, "%.3f", tally_f(board_sum(b, w, (timing)t)));
      tally sum = board_sum(b, AT_50, (timing)t);
      cell(out, "%.3f", tally_precision(sum));
      cell(out, "%.3f", tally_recall(sum));
      fprintf(out, " %zu | %zu | %zu |\n", sum.matched, sum.references, sum.estimates);
    }
}

void print_means(const sets* all, FILE* out) {
  fputs("\n### Mean F\n\nThe mean over files and classes of each one's F. Where a file has no "
        "stroke of a class, or none was heard, the mean depends on what that counts: *left out* = "
        "not counted if neither there nor heard, 0 if only one; *mir_eval* = 0 if either is empty; "
        "*madmom* = precision 1 if nothing was heard, recall 1 if nothing is there, F 1 if "
        "both.\n\n| set | times | 50 ms, left out | mir_eval | madmom | 20 ms, left out | mir_eval "
        "| madmom | pairs | pairs with strokes |\n| --- | --- | --- | --- | --- | --- | --- | --- "
        "| --- | --- |\n",
        out);
  for (size_t i = 0; i < all->count; i++) {
    const board* b = &all->items[i]->ours;
    fprintf(out, "| %s | %s |", all->items[i]->name, timing_names[b->timing]);
    static const int windows[2] = {AT_50, AT_20};
    for (int w = 0; w < 2; w++)
      for (int r = 0; r < EMPTY_RULES; r++)
        cell(out, "%.4f", board_mean(b, (empty_rule)r, windows[w], b->timing));
    fprintf(out, " %zu | %zu |\n", b->mean_f[EMPTY_MADMOM][AT_50][b->timing].count,
            b->mean_f[EMPTY_LEFT_OUT][AT_50][b->timing].count);
  }
}

static void print_any_row(FILE* out, const char* set_name, const char* who, const board* b) {
  fprintf(out, "| %s | %s |", set_name, who);
  for (int w = 0; w < WINDOWS; w++)
    cell(out, "%.3f", tally_f(b->any[w][AS_IS]));
  cell(out, "%.3f", tally_precision(b->any[AT_25][AS_IS]));
  cell(out, "%.3f", tally_recall(b->any[AT_25][AS_IS]));
  cell(out, "%.3f", tally_f(b->any[AT_25][OFFSET_REMOVED]));
  for (int t = 0; t < TIMINGS; t++) {
    cell(out, "%+.2f", values_quantile(&b->any_error_ms[t], 0.5));
    cell(out, "%.2f", values_robust_sd(&b->any_error_ms[t]));
  }
  fputc('\n', out);
}

void print_any(const sets* all, FILE* out) {
  fprintf(out,
          "\n### Any stroke\n\nBlows: strokes of all drums within %.0f ms of the first of their "
          "group are one, at their mean time; the same for the truth, the ear and aubioonset "
          "(default settings). Errors: heard minus true, of blows matched at 25 ms.\n\n| set | ear "
          "| F 50 ms | F 25 ms | F 20 ms | F 10 ms | P 25 | R 25 | F 25, offset removed | median "
          "ms | robust SD ms | median, removed | robust SD, removed |\n| --- | --- | --- | --- | "
          "--- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
          1e3 * POOL_S);
  for (size_t i = 0; i < all->count; i++) {
    print_any_row(out, all->items[i]->name, "doubletime", &all->items[i]->ours);
    if (all->items[i]->has_peer)
      print_any_row(out, all->items[i]->name, "aubioonset", &all->items[i]->peer);
  }
}

void print_classes(const sets* all, FILE* out) {
  fputs("\n### By class\n\nIn the set's own times. Precision, recall and counts at 50 ms; errors "
        "(heard minus true) of strokes matched at 25 ms.\n\n| set | class | F 50 ms | F 25 ms | F "
        "20 ms | F 10 ms | P | R | matched | true | heard | median ms | robust SD ms |\n| --- | "
        "--- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
        out);
  for (size_t i = 0; i < all->count; i++) {
    const board* b = &all->items[i]->ours;
    for (int c = 0; c < b->classes; c++) {
      tally at_50 = b->by_class[c][AT_50][b->timing];
      fprintf(out, "| %s | %s |", all->items[i]->name, class_names[c]);
      for (int w = 0; w < WINDOWS; w++)
        cell(out, "%.3f", tally_f(b->by_class[c][w][b->timing]));
      cell(out, "%.3f", tally_precision(at_50));
      cell(out, "%.3f", tally_recall(at_50));
      fprintf(out, " %zu | %zu | %zu |", at_50.matched, at_50.references, at_50.estimates);
      cell(out, "%+.2f", values_quantile(&b->class_error_ms[c][b->timing], 0.5));
      cell(out, "%.2f", values_robust_sd(&b->class_error_ms[c][b->timing]));
      fputc('\n', out);
    }
  }
}

void print_twelve(const sets* all, FILE* out) {
  fputs("\n### By drum\n\nThe twelve drums that the ear tells apart, where the truth does: a set "
        "whose truth has a plain hi-hat has no rows for its kinds, and drums that are neither "
        "there nor heard are left out. Times as above.\n\n| set | drum | F 50 ms | F 20 ms | P | R "
        "| matched | true | heard |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
        out);
  for (size_t i = 0; i < all->count; i++) {
    const board* b = &all->items[i]->ours;
    for (int d = 0; d < TWELVE; d++) {
      tally t = b->by_twelve[d][AT_50];
      bool is_hihat = strncmp(twelve_names[d], "hihat", 5) == 0;
      if ((is_hihat && b->has_plain_hihat) || t.references + t.estimates == 0 ||
          (b->classes == 3 && class_of(dt_drum_from_name(twelve_names[d])) >= 3))
        continue;
      fprintf(out, "| %s | %s |", all->items[i]->name, twelve_names[d]);
      cell(out, "%.3f", tally_f(t));
      cell(out, "%.3f", tally_f(b->by_twelve[d][AT_20]));
      cell(out, "%.3f", tally_precision(t));
      cell(out, "%.3f", tally_recall(t));
      fprintf(out, " %zu | %zu | %zu |\n", t.matched, t.references, t.estimates);
    }
  }
}

void print_tracks(const sets* all, FILE* out) {
  fputs("\n### Tracks\n\n", out);
  for (size_t i = 0; i < all->count; i++)
    fprintf(out, "- %s, %zu files, %.0f s: %s\n", all->items[i]->name, all->items[i]->ours.files,
            all->items[i]->ours.length_s,
            all->items[i]->tracks != NULL ? all->items[i]->tracks : "none");
  if (all->unreadable > 0)
    fprintf(out, "- **%zu files could not be read** (see standard error)\n", all->unreadable);
}

void sets_print(const sets* all, FILE* out) {
  if (all->count == 0)
    return;
  fputs("\n## Recordings and rendered takes\n", out);
  print_f(all, out);
  print_means(all, out);
  print_any(all, out);
  print_classes(all, out);
  print_twelve(all, out);
  print_recall(all, out);
  print_velocity(all, out);
  print_calibration(all, out);
  print_flags(all, out);
  print_latency(all, out);
  print_speed(all, out);
  print_tracks(all, out);
}
