/* The sets' scores, in Markdown: how hard, how sure, how soon, how fast. */
#include <math.h>
#include <string.h>

#include "dt/stat.h"
#include "ear_sets.h"

typedef struct bins {
  const char* title;
  const char* const* names;
  int count;
  tally (*of)[CLASS_COUNT][2];
} bins;

static void print_bins(FILE* out, const char* set_name, const board* b, const bins* in) {
  for (int bin = 0; bin < in->count; bin++) {
    tally all[2] = {{0}, {0}};
    for (int c = 0; c < b->classes; c++)
      for (int w = 0; w < 2; w++)
        tally_add(&all[w], in->of[bin][c][w]);
    if (all[0].references == 0)
      continue;
    fprintf(out, "| %s | %s | %zu |", set_name, in->names[bin], all[0].references);
    cell(out, "%.3f", tally_recall(all[0]));
    cell(out, "%.3f", tally_recall(all[1]));
    for (int c = 0; c < CLASS_COUNT; c++)
      cell(out, "%.3f", tally_recall(in->of[bin][c][0]));
    fputc('\n', out);
  }
}

static const char* const recall_head =
    "strokes | recall 50 ms | recall 20 ms | kick | snare | hihat | toms | cymbals |\n| --- | --- "
    "| --- | --- | --- | --- | --- | --- | --- | --- |\n";

void print_recall(const sets* all, FILE* out) {
  fputs("\n### Recall by velocity\n\nWith the right class, where the truth says how hard; the "
        "classes' columns at 50 ms.\n\n| set | velocity | ",
        out);
  fputs(recall_head, out);
  for (size_t i = 0; i < all->count; i++) {
    board* b = &all->items[i]->ours;
    print_bins(out, all->items[i]->name, b,
               &(bins){"velocity", velocity_bin_names, VELOCITY_BINS, b->by_velocity});
  }
  fputs("\n### Recall by gap\n\nBy the time since the same class was struck before.\n\n| set | gap "
        "| ",
        out);
  fputs(recall_head, out);
  for (size_t i = 0; i < all->count; i++) {
    board* b = &all->items[i]->ours;
    print_bins(out, all->items[i]->name, b, &(bins){"gap", gap_bin_names, GAP_BINS, b->by_gap});
  }
}

double velocity_correlation(const board* b, int drum) {
  if (drum < DT_DRUM_COUNT)
    return values_spearman(&b->true_velocity[drum], &b->heard_velocity[drum]);
  values truth = {0};
  values found = {0};
  for (int d = 0; d < DT_DRUM_COUNT; d++)
    for (size_t i = 0; i < b->true_velocity[d].count; i++) {
      values_add(&truth, b->true_velocity[d].items[i]);
      values_add(&found, b->heard_velocity[d].items[i]);
    }
  double rho = values_spearman(&truth, &found);
  values_clear(&truth);
  values_clear(&found);
  return rho;
}

void print_velocity(const sets* all, FILE* out) {
  fputs("\n### Velocity\n\nRank correlation (Spearman) of heard with true velocities, of strokes "
        "matched at 50 ms with the right class, pooled over the files; drums by the truth's "
        "name, at least 10 strokes. *Within a take*: the mean of each take's own correlation, of "
        "takes with at least 10 such strokes (their number beside it).\n\n| set | drum | strokes | "
        "rank correlation | within a take | takes |\n| --- | --- | --- | --- | --- | --- |\n",
        out);
  for (size_t i = 0; i < all->count; i++) {
    const board* b = &all->items[i]->ours;
    size_t count = 0;
    for (int d = 0; d < DT_DRUM_COUNT; d++) {
      count += b->true_velocity[d].count;
      if (b->true_velocity[d].count < 10)
        continue;
      fprintf(out, "| %s | %s | %zu |", all->items[i]->name, dt_drum_name((dt_drum)d),
              b->true_velocity[d].count);
      cell(out, "%.2f", velocity_correlation(b, d));
      const values* rho = &b->take_velocity_rho[d];
      cell(out, "%.2f", rho->count > 0 ? dt_mean(rho->items, rho->count) : (double)NAN);
      fprintf(out, " %zu |\n", rho->count);
    }
    if (count > 0) {
      fprintf(out, "| %s | all | %zu |", all->items[i]->name, count);
      cell(out, "%.2f", velocity_correlation(b, DT_DRUM_COUNT));
      fputs(" - | |\n", out);
    }
  }
}

double calibration_error(const calibration* bin) {
  double sum = 0;
  size_t strokes = 0;
  for (int k = 0; k < CONFIDENCE_BINS; k++) {
    sum += fabs(bin[k].confidence_sum - (double)bin[k].right);
    strokes += bin[k].strokes;
  }
  return strokes > 0 ? sum / (double)strokes : (double)NAN;
}

static void pool_calibration(const board* b, calibration* all) {
  for (int c = 0; c < b->classes; c++)
    for (int k = 0; k < CONFIDENCE_BINS; k++) {
      all[k].strokes += b->calibration[c][k].strokes;
      all[k].right += b->calibration[c][k].right;
      all[k].confidence_sum += b->calibration[c][k].confidence_sum;
    }
}

static double share(double part, size_t whole) {
  return whole > 0 ? part / (double)whole : (double)NAN;
}

void print_calibration(const sets* all, FILE* out) {
  fputs("\n### Confidence\n\nOf the strokes heard with a confidence in each tenth: how many, their "
        "mean confidence, and the share that was right (matched at 50 ms with the right class). "
        "The expected calibration error is the mean distance of the last two, by strokes.\n\n| set "
        "| confidence | strokes | mean | right |\n| --- | --- | --- | --- | --- |\n",
        out);
  for (size_t i = 0; i < all->count; i++) {
    calibration pooled[CONFIDENCE_BINS] = {{0}};
    pool_calibration(&all->items[i]->ours, pooled);
    for (int k = 0; k < CONFIDENCE_BINS; k++) {
      if (pooled[k].strokes == 0)
        continue;
      fprintf(out, "| %s | %.1f-%.1f | %zu |", all->items[i]->name, 0.1 * k, 0.1 * (k + 1),
              pooled[k].strokes);
      cell(out, "%.3f", share(pooled[k].confidence_sum, pooled[k].strokes));
      cell(out, "%.3f", share((double)pooled[k].right, pooled[k].strokes));
      fputc('\n', out);
    }
  }
  fputs("\n| set, expected calibration error | all | kick | snare | hihat | toms | cymbals |\n| "
        "--- | --- | --- | --- | --- | --- | --- |\n",
        out);
  for (size_t i = 0; i < all->count; i++) {
    const board* b = &all->items[i]->ours;
    calibration pooled[CONFIDENCE_BINS] = {{0}};
    pool_calibration(b, pooled);
    fprintf(out, "| %s |", all->items[i]->name);
    cell(out, "%.3f", calibration_error(pooled));
    for (int c = 0; c < CLASS_COUNT; c++)
      cell(out, "%.3f", calibration_error(b->calibration[c]));
    fputc('\n', out);
  }
}

void print_flags(const sets* all, FILE* out) {
  fputs("\n### Flags\n\nShare of the true strokes that have a flag, known within so many "
        "milliseconds of the stroke (and at most 8 before it); by class within 5 ms. Labels of "
        "recordings have errors of their own.\n\n| set | strokes | 5 ms | 10 ms | 20 ms | kick | "
        "snare | hihat | toms | cymbals | flags a minute |\n| --- | --- | --- | --- | --- | --- | "
        "--- | --- | --- | --- | --- |\n",
        out);
  for (size_t i = 0; i < all->count; i++) {
    const board* b = &all->items[i]->ours;
    tally sum[FLAG_WINDOWS] = {{0}};
    for (int c = 0; c < b->classes; c++)
      for (int w = 0; w < FLAG_WINDOWS; w++)
        tally_add(&sum[w], b->flagged[c][w]);
    if (sum[0].references == 0)
      continue;
    fprintf(out, "| %s | %zu |", all->items[i]->name, sum[0].references);
    for (int w = 0; w < FLAG_WINDOWS; w++)
      cell(out, "%.3f", tally_recall(sum[w]));
    for (int c = 0; c < CLASS_COUNT; c++)
      cell(out, "%.3f", tally_recall(b->flagged[c][0]));
    cell(out, "%.0f", 60 * (double)b->all_flags / b->length_s);
    fputc('\n', out);
  }
}

void print_latency(const sets* all, FILE* out) {
  static const char* const names[STAGE_COUNT] = {"flag", "time", "stroke", "withdrawn"};
  size_t events = 0;
  for (size_t i = 0; i < all->count; i++)
    events += all->items[i]->ours.events;
  if (events == 0)
    return;
  fputs("\n### How soon\n\nFrom a stroke's time (a withdrawn flag's: its own) to the sample after "
        "which it was known, fed 64 samples at a time; in brackets what was promised.\n\n| set | "
        "stage | events | p50 ms | p99 ms | max ms |\n| --- | --- | --- | --- | --- | --- |\n",
        out);
  static const char* const promised[STAGE_COUNT] = {"(5)", "(15)", "(30)", "(30)"};
  for (size_t i = 0; i < all->count; i++)
    for (int s = 0; s < STAGE_COUNT; s++) {
      const values* v = &all->items[i]->ours.latency_ms[s];
      fprintf(out, "| %s | %s %s | %zu |", all->items[i]->name, names[s], promised[s], v->count);
      cell(out, "%.1f", values_quantile(v, 0.5));
      cell(out, "%.1f", values_quantile(v, 0.99));
      cell(out, "%.1f", values_quantile(v, 1));
      fputc('\n', out);
    }
  fputs("\n| set | strokes | without a flag | times shared | flags | withdrawn | said to be known "
        "too early or out of order | handed over a block late |\n| --- | --- | --- | --- | --- | "
        "--- | --- | --- |\n",
        out);
  for (size_t i = 0; i < all->count; i++) {
    const board* b = &all->items[i]->ours;
    fprintf(out, "| %s | %zu |", all->items[i]->name, b->strokes);
    cell(out, "%.3f", share((double)b->flagless, b->strokes));
    cell(out, "%.3f", share((double)b->shared, b->strokes));
    fprintf(out, " %zu | %zu | %zu | %zu |\n", b->flags, b->latency_ms[STAGE_WITHDRAWN].count,
            b->too_early, b->handed_late);
  }
}

void print_speed(const sets* all, FILE* out) {
  fputs("\n### Speed and memory\n\nProcessor time of one thread, opening, decoding and mixing down "
        "included; aubioonset's is that of its process on the same files in the same run. *Live*: "
        "fed 64 samples at a time.\n\n| set | sound s | processor s | x real time | aubioonset s | "
        "x real time | ratio | live, share of a core | memory of the ear KiB | files heard "
        "otherwise in blocks of 64 |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- "
        "|\n",
        out);
  for (size_t i = 0; i < all->count; i++) {
    const set* s = all->items[i];
    const board* b = &s->ours;
    if (b->cpu_s <= 0)
      continue;
    double theirs_s = s->has_peer && s->peer.cpu_s > 0 ? s->peer.cpu_s : (double)NAN;
    fprintf(out, "| %s | %.0f | %.2f |", s->name, b->length_s, b->cpu_s);
    cell(out, "%.0f", b->length_s / b->cpu_s);
    cell(out, "%.2f", theirs_s);
    cell(out, "%.0f", b->length_s / theirs_s);
    cell(out, "%.2f", b->cpu_s / theirs_s);
    cell(out, "%.2f %%", b->block_cpu_s > 0 ? 100 * b->block_cpu_s / b->length_s : (double)NAN);
    fprintf(out, " %.0f |", (double)b->ear_bytes / 1024);
    cell(out, "%.0f", b->block_cpu_s > 0 ? (double)b->other_blocks_differ : (double)NAN);
    fputc('\n', out);
  }
}
